import { STATUS_CODES } from 'node:http'
import { types } from 'node:util'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from 'pino'
import { prefersHtml } from './prefers-html.ts'
import type { Problem } from './problem.ts'
import { setProblemHead } from './set-problem-head.ts'
import { toProblem } from './to-problem.ts'

export type ErrorPage = { status: number; title: string; detail: string; code: string }

type ErrorAnswers = {
  logger: Logger
  /** The HTML of an error page. It has to escape every value. */
  page: (error: ErrorPage, req: Request) => string
}

/**
 * The only error handler of an app. Answers with problem details (RFC 9457), or with a page for a
 * browser. A failure of 500 or above is logged with its causes, and answered without them.
 */
export function answerErrors({ logger, page }: ErrorAnswers): ErrorRequestHandler {
  // Express knows an error handler by its four arguments.
  return function answerError(error: unknown, req, res, _next) {
    const problem = toProblem(error)
    reportFailure({ error, problem, req, res, logger })
    if (res.headersSent) {
      // Half an answer is out: cutting it off is the only way to say that it is incomplete.
      res.destroy()
      return
    }
    clearHeaders(res)
    setProblemHead(res, problem)
    res.set('Cache-Control', 'no-store').vary('Accept')
    if (prefersHtml(req)) res.type('html').send(page(pageOf(problem), req))
    else res.type('application/problem+json').send(JSON.stringify(detailsOf(problem)))
  }
}

type Failure = { error: unknown; problem: Problem; req: Request; res: Response; logger: Logger }

// logRequests writes `res.err` into the request's line. Without it, the failure gets a line here.
function reportFailure({ error, problem, req, res, logger }: Failure): void {
  if (problem.status < 500 && !res.headersSent) return
  const isUnknown = problem.status === 500 && types.isNativeError(error)
  const reported = isUnknown ? error : problem
  if ('log' in req) res.err = reported
  else logger.error({ err: reported }, 'request failed')
}

// Headers that describe a body which is not sent after all.
function clearHeaders(res: Response): void {
  for (const name of ['Content-Encoding', 'Content-Disposition', 'ETag', 'Last-Modified'])
    res.removeHeader(name)
}

function titleOf(problem: Problem): string {
  return STATUS_CODES[problem.status] ?? 'Error'
}

function pageOf(problem: Problem): ErrorPage {
  const { status, code, message, fields } = problem
  const detail = [message, ...fields.map((field) => `${field.field}: ${field.message}`)].join(' ')
  return { status, title: titleOf(problem), detail, code }
}

function detailsOf(problem: Problem) {
  const { status, code, message, fields, extra, lists } = problem
  const errors = fields.length > 0 ? { errors: fields } : {}
  return {
    type: 'about:blank',
    title: titleOf(problem),
    status,
    code,
    detail: message,
    ...errors,
    ...extra,
    ...lists,
  }
}
