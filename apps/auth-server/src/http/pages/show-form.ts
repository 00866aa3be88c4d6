import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { type FieldProblem, prefersHtml, Problem, setProblemHead } from 'service-kit'

/** The problems of a submitted form. All are empty until it is submitted. */
export type FormProblems = {
  code: string
  /** About the form as a whole. */
  error: string
  /** About single inputs, by name. */
  fields: Record<string, string>
}

/** Whether there are any problems. */
export function hasFailed({ error, fields }: Pick<FormProblems, 'error' | 'fields'>): boolean {
  return error !== '' || Object.keys(fields).length > 0
}

/** Renders a form with its problems and the entered values. */
export type RenderForm = (problems: FormProblems, req: Request) => string | Promise<string>

const noProblems: FormProblems = { code: '', error: '', fields: {} }

/** Shows the empty form. */
export function showForm(render: RenderForm): RequestHandler {
  return async function showForm(req, res) {
    res.type('html').send(await render(noProblems, req))
  }
}

/**
 * Shows the form again, with the problems of its input. Passes every other error on.
 *
 * @param options.statuses the statuses of errors that are about the input
 * @param options.codes further errors, by code
 */
export function showFormAgain(
  render: RenderForm,
  { statuses, codes = [] }: { statuses: number[]; codes?: string[] },
): ErrorRequestHandler {
  return async function showFormAgain(error: unknown, req, res, next) {
    const isAboutInput =
      error instanceof Problem && (statuses.includes(error.status) || codes.includes(error.code))
    if (!isAboutInput || !prefersHtml(req)) return next(error)
    const html = await render(problemsOf(error), req)
    setProblemHead(res, error)
    return res.type('html').send(html)
  }
}

/**
 * The same problems, with the message at the field that it is about.
 *
 * @param fieldOf the field by the code of the problem
 */
export function atField(problems: FormProblems, fieldOf: Record<string, string>): FormProblems {
  const { code, error } = problems
  const field = fieldOf[code]
  if (field === undefined || error === '') return problems
  return { code, error: '', fields: { [field]: error } }
}

function problemsOf({ code, message, fields }: Problem): FormProblems {
  return { code, error: fields.length > 0 ? '' : message, fields: messagesByField(fields) }
}

/**
 * All problems of each field at once. A problem with an entry of a list is shown at the list, with
 * the number of the entry. Each problem has its own line.
 */
function messagesByField(problems: FieldProblem[]): Record<string, string> {
  const messages = Map.groupBy(problems, ({ field }) => field.split('.')[0] ?? field)
  return Object.fromEntries(
    Array.from(messages, ([field, all]) => [field, all.map(messageOf).join('\n')]),
  )
}

function messageOf({ field, message }: FieldProblem): string {
  const place = /\.(\d+)$/.exec(field)?.[1]
  return place === undefined ? message : `Entry ${Number(place) + 1}: ${message}`
}
