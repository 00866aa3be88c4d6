import { types } from 'node:util'

// By name, so that this package pulls no database driver into processes without one.
const errorNames = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'PoolClearedOnNetworkError',
  'WaitQueueTimeoutError',
  'MaxRetriesPerRequestError',
])

// The plain errors of ioredis when its connection is lost or silent.
const redisMessages = [
  'Command timed out',
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
]

// A driver that was writing when its connection was reset passes on the socket's error.
const socketCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']

// A MongoDB server that is stepping down or shutting down still answers, with one of these labels.
const mongoLabels = ['RetryableWriteError', 'TransientTransactionError']

/** Whether an error or one of its causes means that a store is down or too slow. */
export function isStoreDown(error: unknown, depth = 0): boolean {
  if (!types.isNativeError(error) || depth > 5) return false
  return (
    errorNames.has(error.name) ||
    redisMessages.includes(error.message) ||
    ('syscall' in error && 'code' in error && socketCodes.includes(String(error.code))) ||
    labelsOf(error).some((label) => mongoLabels.includes(String(label))) ||
    isStoreDown(error.cause, depth + 1)
  )
}

function labelsOf(error: Error): unknown[] {
  const labels: unknown = Reflect.get(error, 'errorLabels')
  return Array.isArray(labels) ? labels : []
}
