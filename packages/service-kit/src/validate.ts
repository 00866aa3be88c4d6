import type { z } from 'zod'
import { plainEnglish } from './plain-english.ts'
import { Problem } from './problem.ts'

/**
 * The body as the schema gives it.
 *
 * @throws Problem 400 `invalid_input` naming every wrong field (R41)
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
  throw new Problem({
    status: 400,
    code: 'invalid_input',
    detail: 'Please check what you entered.',
    fields,
  })
}
