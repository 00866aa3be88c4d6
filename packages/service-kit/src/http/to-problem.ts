import { types } from 'node:util'
import { isStoreDown } from './is-store-down.ts'
import { Problem } from './problem.ts'
import { unavailable } from './unavailable.ts'

type Refusal = { status: number; code: string; detail: string }

const malformedBody = { status: 400, code: 'malformed_body', detail: 'The body cannot be read.' }
const unsupportedBody = {
  status: 415,
  code: 'unsupported_media_type',
  detail: 'A body of this type, charset or encoding is not accepted here.',
}
const tooLarge = { status: 413, code: 'payload_too_large', detail: 'The body is too large.' }
const badRequest = { status: 400, code: 'bad_request', detail: 'The request cannot be understood.' }

// Replaces messages that quote the body, which may hold a password.
const bodyErrors: Record<string, Refusal> = {
  'entity.too.large': tooLarge,
  'parameters.too.many': tooLarge,
  'entity.parse.failed': malformedBody,
  'request.aborted': malformedBody,
  'request.size.invalid': malformedBody,
  'querystring.parse.rangeError': malformedBody,
  'charset.unsupported': unsupportedBody,
  'encoding.unsupported': unsupportedBody,
}

/**
 * Translates an error into the answer for the client. A `Problem` passes, and so does an error of the
 * same shape (`status`, a snake_case `code`, `headers`). An unreadable body is a 4xx, a store that is
 * down a 503, and anything else a bare 500.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!types.isNativeError(error)) return internalError(error)
  const refusal = bodyRefusal(error)
  if (refusal) return new Problem({ ...refusal, cause: error })
  return likeProblem(error) ?? (isStoreDown(error) ? unavailable(error) : internalError(error))
}

function bodyRefusal(error: Error): Refusal | undefined {
  const known = bodyErrors[String(Reflect.get(error, 'type'))]
  if (known) return known
  if (error.name === 'URIError') return badRequest
  // http-errors marks the client's faults with `expose`; zlib's errors arrive the same way.
  const clientFault = Reflect.get(error, 'expose') === true && statusOf(error) === 400
  return clientFault ? badRequest : undefined
}

function likeProblem(error: Error): Problem | undefined {
  const status = statusOf(error)
  const code: unknown = Reflect.get(error, 'code')
  if (status === undefined || typeof code !== 'string' || !/^[a-z]+(_[a-z]+)*$/.test(code))
    return undefined
  return new Problem({
    status,
    code,
    detail: error.message,
    headers: textsOf(error, 'headers'),
    extra: textsOf(error, 'extra'),
    cause: error.cause,
  })
}

function statusOf(error: Error): number | undefined {
  const status: unknown = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode')
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined
}

function textsOf(error: Error, name: 'headers' | 'extra'): Record<string, string> {
  const value: unknown = Reflect.get(error, name)
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]))
}

function internalError(cause: unknown): Problem {
  return new Problem({
    status: 500,
    code: 'internal_error',
    detail: 'Something went wrong on our side.',
    cause,
  })
}
