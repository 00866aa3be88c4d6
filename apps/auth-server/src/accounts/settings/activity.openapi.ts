import { z } from 'zod'
import { moment } from '../../http/operation-answers.ts'
import { empty, jsonOrPage, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { pageInput } from '../../http/read-input.ts'

const event = z.object({
  id: z.string(),
  at: moment,
  event: z.string(),
  words: z.string(),
  outcome: z.enum(['success', 'failure']),
  address: z.string().nullable(),
  device: z.string().nullable(),
  client: z.string().nullable(),
  byAdmin: z.boolean(),
})
const events = z.object({ events: z.array(event), next: z.string().nullable() })

/** A user's own security events. */
export const activityOperations: Operation[] = [
  {
    method: 'get',
    path: paths.activity,
    summary: 'List the security events of the user’s own account, a page at a time.',
    tag: 'Account',
    access: 'session',
    query: pageInput,
    answers: {
      200: jsonOrPage('Events, newest first.', events),
      303: empty('Not signed in: to the sign-in page.'),
    },
  },
]
