import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { allowFormTarget, prefersHtml, Problem } from 'service-kit'
import { messagesByField } from '../http/messages-by-field.ts'
import type { RouteDeps } from '../route-deps.ts'
import { destination, returnToIn } from './go-on.ts'

type Deps = Pick<RouteDeps, 'config' | 'site'>

export type FormState = {
  username: string
  returnTo: string
  error?: string
  fields?: Record<string, string>
}

/** Draws one of the forms that ask for a password. */
export type DrawForm = (state: FormState, req: Request) => string | Promise<string>

/** The form, empty. */
export function showForm(deps: Deps, draw: DrawForm): RequestHandler {
  return async function showForm(req, res) {
    const html = await draw({ username: '', returnTo: target(deps, req.query) }, req)
    sendForm(deps, { req, res, html })
  }
}

/** What was wrong with the input, on the form it came from; everything else is not this form's. */
export function showFormAgain(deps: Deps, draw: DrawForm): ErrorRequestHandler {
  return async function showFormAgain(error: unknown, req, res, next) {
    const isAboutInput = error instanceof Problem && [400, 401, 403, 409].includes(error.status)
    if (!isAboutInput || !prefersHtml(req)) return next(error)
    const body: unknown = req.body
    const fields = messagesByField(error.fields)
    const state = {
      username: usernameIn(body),
      returnTo: target(deps, body),
      ...(error.fields.length > 0 ? { fields } : { error: error.message }),
    }
    const html = await draw(state, req)
    res.status(error.status)
    return sendForm(deps, { req, res, html })
  }
}

function sendForm(
  deps: Deps,
  { req, res, html }: { req: Request; res: Response; html: string },
): void {
  const returnTo = target(deps, req.method === 'GET' ? req.query : req.body)
  if (URL.canParse(returnTo)) allowFormTarget(res, new URL(returnTo).origin)
  res.type('html').send(html)
}

/** Empty where the visitor did not ask for anything in particular. */
function target(deps: Deps, value: unknown): string {
  const returnTo = returnToIn(value)
  return returnTo === undefined ? '' : destination(deps, returnTo)
}

function usernameIn(body: unknown): string {
  const isText = typeof body === 'object' && body !== null && 'username' in body
  return isText && typeof body.username === 'string' ? body.username : ''
}
