import { z } from 'zod'
import { moment } from '../http/operation-answers.ts'
import type { Operation } from '../http/operation.ts'
import { paths } from '../http/paths.ts'
import { adminClientOperations } from './clients/admin-clients.openapi.ts'
import { shown } from './admin-operation.ts'
import { adminRecordOperations } from './system/admin-records.openapi.ts'
import { adminUserOperations } from './users/admin-users.openapi.ts'

const hour = z.object({ from: moment, signedIn: z.int(), refused: z.int() })
const overview = z.object({
  users: z.int().nullish(),
  signIns: z.array(hour).nullable(),
  outboxes: z.int().nullish(),
  queues: z.object({ waiting: z.int(), retried: z.int(), dead: z.int() }).nullish(),
  dependencies: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), ms: z.number() })),
})

/** The admin pages. */
export const adminOperations: Operation[] = [
  shown(paths.admin, 'The state of the system; null marks what did not answer in time.', {
    schema: overview,
  }),
  ...adminUserOperations,
  ...adminClientOperations,
  ...adminRecordOperations,
]
