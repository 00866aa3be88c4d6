import type { ErrorRequestHandler, Request } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import { messagesByField } from '../http/messages-by-field.ts'

/** What is wrong: with the whole of it, or with fields by their names. */
export type FormProblems = { error: string; fields: Record<string, string> }

export const noProblems: FormProblems = { error: '', fields: {} }

/** What was wrong with the input, on the form it came from; everything else is not this form's. */
export function showFormAgain(
  draw: (req: Request, problems: FormProblems) => Promise<string>,
): ErrorRequestHandler {
  return async function showFormAgain(error: unknown, req, res, next) {
    const isAboutInput = error instanceof Problem && [400, 409].includes(error.status)
    if (!isAboutInput || !prefersHtml(req)) return next(error)
    const fields = messagesByField(error.fields)
    const html = await draw(req, { error: error.fields.length > 0 ? '' : error.message, fields })
    res.status(error.status).type('html').send(html)
  }
}
