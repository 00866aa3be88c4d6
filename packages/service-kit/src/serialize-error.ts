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
 * and credentials on their errors.
 */
export function serializeError(error: unknown, depth = 0): SerializedError | string {
  if (!types.isNativeError(error)) return `thrown: ${typeof error}`
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || depth >= 5 ? {} : { cause: serializeError(cause, depth + 1) }),
  }
}
