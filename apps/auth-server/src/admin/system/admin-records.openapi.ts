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
const problems = { 409: ['dead_mails_held'], 503: ['amqp_away'] }
const mails = paths.adminMails
const csv = { 200: { description: 'A CSV file (RFC 4180).', type: 'text/csv' } }

/** Dead e-mails, blocked addresses and the audit log. */
export const adminRecordOperations: Operation[] = [
  shown(mails, 'The e-mails that failed for good.', {
    schema: z.object({ mails: z.array(mail), total: z.int() }),
    problems,
  }),
  done(`${mails}/replay`, 'Queue all dead e-mails again.', { problems }),
  done(`${mails}/:id/replay`, 'Queue one dead e-mail again.', { problems }),
  asked(`${mails}/drop`, 'Confirms deleting all dead e-mails.'),
  done(`${mails}/drop`, 'Delete all dead e-mails.', { problems }),
  asked(`${mails}/:id/drop`, 'Confirms deleting one dead e-mail.'),
  done(`${mails}/:id/drop`, 'Delete one dead e-mail.', { problems }),
  shown(paths.adminAddresses, 'The blocked network addresses.', {
    schema: z.object({ addresses: z.array(address) }),
  }),
  done(`${paths.adminAddresses}/lift`, 'Lift the block of an address.', { body: liftInput }),
  shown(paths.adminAudit, 'Audit events that match a filter, newest first.', {
    query: auditFilterInput.extend({ after: text.optional() }),
    schema: z.object({ events: z.array(event), next: text.nullable() }),
  }),
  {
    ...asked(paths.adminAuditCsv, 'The same events as a file.'),
    query: auditFilterInput,
    answers: csv,
  },
]
