import { readFileSync } from 'node:fs'
import { types } from 'node:util'
import type { z } from 'zod'
import { likelyMeant } from './likely-meant.ts'
import { plainEnglish } from './plain-english.ts'
import { type SettingProblem, SettingsError } from './settings-error.ts'

type Environment = Record<string, string | undefined>

/**
 * Typed settings from the environment, checked against `schema`. Only names that the schema declares are
 * read. Each may come from a file instead, named by `NAME_FILE`. An empty value counts as absent, and
 * spaces around a value are dropped.
 *
 * @throws SettingsError with every problem at once
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
): z.output<Schema> {
  const { values, problems } = collectValues(Object.keys(schema.shape), env)
  const result = schema.safeParse(values, { error: plainEnglish })
  const unread = new Set(problems.map(({ setting }) => setting))
  const invalid = (result.error?.issues ?? [])
    .map(({ path, message }) => ({ setting: path.join('.') || 'settings', problem: message }))
    .filter(({ setting }) => !unread.has(setting))
  const misspelt = findMisspelt(Object.keys(schema.shape), env)
  if (!result.success || problems.length + misspelt.length > 0)
    throw new SettingsError([...problems, ...invalid, ...misspelt])
  return result.data
}

/** Settings given under a wrong name while the right one is not set. */
function findMisspelt(settings: string[], env: Environment): SettingProblem[] {
  const unset = settings.filter((name) => !env[name] && !env[`${name}_FILE`])
  const known = new Set(settings.flatMap((name) => [name, `${name}_FILE`]))
  return Object.keys(env).flatMap((given) => {
    const meant = env[given] && !known.has(given) ? likelyMeant(given, unset) : undefined
    return meant ? [{ setting: given, problem: `Unknown setting. Do you mean ${meant}?` }] : []
  })
}

function collectValues(names: string[], env: Environment) {
  const values: Record<string, string> = {}
  const problems: SettingProblem[] = []
  for (const name of names) {
    const { value, problem } = readValue(name, env)
    if (value !== undefined) values[name] = value
    if (problem !== undefined) problems.push({ setting: name, problem })
  }
  return { values, problems }
}

type Value = { value?: string; problem?: string }

function readValue(name: string, env: Environment): Value {
  const value = env[name]?.trim() || undefined
  const file = env[`${name}_FILE`] || undefined
  if (file === undefined) return value === undefined ? {} : checkValue(value)
  if (value !== undefined) return { problem: `Give either this or ${name}_FILE, not both.` }
  try {
    const content = readFileSync(file, 'utf8').trim()
    return content === ''
      ? { problem: `The file that ${name}_FILE names is empty.` }
      : checkValue(content)
  } catch (error) {
    return { problem: `The file that ${name}_FILE names cannot be read (${reasonOf(error)}).` }
  }
}

// Some shells and env files pass quotes on, and they would become part of a secret.
function checkValue(value: string): Value {
  if (/^(["']).*\1$/s.test(value)) return { problem: 'Remove the quotes around the value.' }
  return /[\r\n]/.test(value)
    ? { problem: 'This must be one line. Separate the entries of a list by commas.' }
    : { value }
}

// Only the code: the message repeats the path, and some people paste the secret itself there.
function reasonOf(error: unknown): string {
  return types.isNativeError(error) && 'code' in error ? String(error.code) : 'unknown reason'
}
