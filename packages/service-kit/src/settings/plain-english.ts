import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const kinds: Record<string, string> = {
  string: 'This must be text.',
  number: 'This must be a number.',
  boolean: 'This must be true or false.',
  array: 'This must be a list.',
  object: 'This must be an object.',
  date: 'This must be a date.',
}

const sizes: Record<string, string> = { string: ' characters', array: ' entries' }

/**
 * Turns zod's issues into messages that a person can act on. A message in the schema takes precedence.
 * The value is never part of a message: it may be a password.
 */
export function plainEnglish(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'This is required.' : kinds[issue.expected]
    case 'too_small':
      return issue.minimum === 1 && issue.origin === 'string'
        ? 'This is required.'
        : `This must be at least ${issue.minimum}${sizes[issue.origin] ?? ''}.`
    case 'too_big':
      return `This must be at most ${issue.maximum}${sizes[issue.origin] ?? ''}.`
    case 'invalid_value':
      return `This must be one of: ${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return issue.format === 'email' ? 'Enter an e-mail address like name@example.com.' : undefined
    case 'unrecognized_keys':
      return `Unknown fields: ${issue.keys.join(', ')}.`
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'custom':
      break
  }
  return undefined
}
