import { types } from 'node:util'

type SerializedError = {
  type: string
  message: string
  code?: unknown
  stack?: string
  cause?: SerializedError | string
}

/**
 * An error for the log with its chain of causes. Only these fields: libraries hang bodies, commands
 * and credentials on their errors. What was expected, as its `status` shows, comes without stacks:
 * an outage is one readable line a request.
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
