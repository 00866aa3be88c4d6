import type { z } from 'zod'
import { invalidInput } from './invalid-input.ts'
import { plainEnglish } from '../settings/plain-english.ts'

/**
 * Returns the body as the schema parses it.
 *
 * @throws Problem 400 `invalid_input` that names every wrong field (R41)
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body, { error: plainEnglish })
  if (result.success) return result.data
  const fields = result.error.issues.map(({ path, message }) => ({
    field: path.map(String).join('.') || 'body',
    message,
  }))
  throw invalidInput(fields)
}
