import { types } from 'node:util'

type SerializedError = {
  type: string
  message: string
  code?: unknown
  stack?: string
  cause?: SerializedError | string
}

/**
 * An error for the log, with its chain of causes. Other fields are left out, because libraries attach
 * bodies, commands and credentials to their errors. An expected error, one with a `status`, has no
 * stack: an outage is one readable line per request.
 */
export function serializeError(error: unknown): SerializedError | string {
  const expected = types.isNativeError(error) && 'status' in error
  return serialize(error, { withStack: !expected, depth: 0 })
}

function serialize(
  error: unknown,
  { withStack, depth }: { withStack: boolean; depth: number },
): SerializedError | string {
  if (!types.isNativeError(error)) return `thrown: ${typeof error}`
  const { name, message, stack, cause } = error
  const goesOn = cause !== undefined && depth < 5
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    ...(withStack && stack !== undefined ? { stack } : {}),
    ...(goesOn ? { cause: serialize(cause, { withStack, depth: depth + 1 }) } : {}),
  }
}
