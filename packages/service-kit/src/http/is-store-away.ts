import { types } from 'node:util'

// By name: this package must not pull a database driver into processes that have none.
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

// What ioredis says, as plain errors, when its connection is gone or silent.
const redisMessages = [
  'Command timed out',
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
]

// A driver that was writing when its connection was reset passes on what the socket said.
const socketCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']

// A MongoDB server that is stepping down or shutting down answers, but with one of these.
const mongoLabels = ['RetryableWriteError', 'TransientTransactionError']

/** Whether an error, or one of its causes, means that a store cannot be reached in time. */
export function isStoreAway(error: unknown, depth = 0): boolean {
  if (!types.isNativeError(error) || depth > 5) return false
  return (
    errorNames.has(error.name) ||
    redisMessages.includes(error.message) ||
    ('syscall' in error && 'code' in error && socketCodes.includes(String(error.code))) ||
    labelsOf(error).some((label) => mongoLabels.includes(String(label))) ||
    isStoreAway(error.cause, depth + 1)
  )
}

function labelsOf(error: Error): unknown[] {
  return 'errorLabels' in error && Array.isArray(error.errorLabels) ? error.errorLabels : []
}
