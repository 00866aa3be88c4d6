import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { type FieldProblem, prefersHtml, Problem, setProblemHead } from 'service-kit'

/** What is wrong with what was entered: all empty in a form that nobody has sent yet. */
export type FormProblems = {
  code: string
  /** About the whole of it. */
  error: string
  /** About single inputs, by their names. */
  fields: Record<string, string>
}

/** Whether anything is wrong with it. */
export function hasFailed({ error, fields }: Pick<FormProblems, 'error' | 'fields'>): boolean {
  return error !== '' || Object.keys(fields).length > 0
}

/** Renders a form with its problems and what was entered. */
export type RenderForm = (problems: FormProblems, req: Request) => string | Promise<string>

const noProblems: FormProblems = { code: '', error: '', fields: {} }

/** The form, as nobody has sent it yet. */
export function showForm(render: RenderForm): RequestHandler {
  return async function showForm(req, res) {
    res.type('html').send(await render(noProblems, req))
  }
}

/**
 * What is wrong with the input, on the form it came from. Every other failure is passed on.
 *
 * @param options.statuses the failures that are about the input
 */
export function showFormAgain(
  render: RenderForm,
  { statuses }: { statuses: number[] },
): ErrorRequestHandler {
  return async function showFormAgain(error: unknown, req, res, next) {
    const isAboutInput = error instanceof Problem && statuses.includes(error.status)
    if (!isAboutInput || !prefersHtml(req)) return next(error)
    const html = await render(problemsOf(error), req)
    setProblemHead(res, error)
    return res.type('html').send(html)
  }
}

function problemsOf({ code, message, fields }: Problem): FormProblems {
  return { code, error: fields.length > 0 ? '' : message, fields: messagesByField(fields) }
}

/**
 * Everything that is wrong with a field, so that nobody has to find out step by step. What is wrong
 * with an entry of a list is said of the list, and names the entry by its place.
 */
function messagesByField(problems: FieldProblem[]): Record<string, string> {
  const messages = Map.groupBy(problems, ({ field }) => field.split('.')[0] ?? field)
  return Object.fromEntries(
    Array.from(messages, ([field, all]) => [field, all.map(messageOf).join(' ')]),
  )
}

function messageOf({ field, message }: FieldProblem): string {
  const place = /\.(\d+)$/.exec(field)?.[1]
  return place === undefined ? message : `Entry ${Number(place) + 1}: ${message}`
}
