import { z } from 'zod'
import { auditFilterInput } from '../../audit/audit-filter.ts'
import { moment } from '../../http/operation-answers.ts'
import type { Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { liftInput } from '../admin-input.ts'
import { asked, done, shown } from '../admin-operation.ts'

const text = z.string()
const mail = z.object({
  id: text.nullable(),
  kind: text.nullable(),
  to: text.nullable(),
  reason: text,
  tries: z.int(),
  failedAt: text.nullable(),
  place: z.enum(['queue', 'outbox']),
})
const address = z.object({
  address: text,
  since: moment,
  until: moment,
  failures: z.int(),
  times: z.int(),
})
const event = z.object({
  id: text,
  at: moment,
  event: text,
  words: text,
  outcome: z.enum(['success', 'failure']),
  actorId: text.nullable(),
  actorName: text.nullable(),
  subjectId: text.nullable(),
  subjectName: text.nullable(),
  address: text.nullable(),
  network: text.nullable(),
  userAgent: text.nullable(),
  details: z.record(text, z.union([text, z.number()])),
})
const away = { problems: { 409: ['dead_mails_held'], 503: ['amqp_away'] } }
const mails = paths.adminMails
const csv = { 200: { description: 'RFC 4180, to download.', type: 'text/csv' } }

/** Dead mails, suspended addresses and the audit log. */
export const adminRecordOperations: Operation[] = [
  shown(mails, 'The mails that nobody tries any more.', {
    schema: z.object({ mails: z.array(mail), total: z.int() }),
    ...away,
  }),
  done(`${mails}/replay`, 'Try all of them again.', away),
  done(`${mails}/:id/replay`, 'Try one again.', away),
  asked(`${mails}/drop`, 'Asks before all are thrown away.'),
  done(`${mails}/drop`, 'Throw all away.', away),
  asked(`${mails}/:id/drop`, 'Asks before one is thrown away.'),
  done(`${mails}/:id/drop`, 'Throw one away.', away),
  shown(paths.adminAddresses, 'The network addresses that are suspended now.', {
    schema: z.object({ addresses: z.array(address) }),
  }),
  done(`${paths.adminAddresses}/lift`, 'Let people sign in from there.', { body: liftInput }),
  shown(paths.adminAudit, 'What happened, the newest first, by a filter.', {
    query: auditFilterInput.extend({ after: text.optional() }),
    schema: z.object({ events: z.array(event), next: text.nullable() }),
  }),
  {
    ...asked(paths.adminAuditCsv, 'The same as a file.'),
    query: auditFilterInput,
    answers: csv,
  },
]
