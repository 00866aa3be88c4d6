import { type BrokenBuild, server } from '../broken-build.ts'

/** From the outbox to the inbox. */
export const mailBuilds: BrokenBuild[] = [
  {
    id: 'N1',
    what: 'an e-mail counts as sent before RabbitMQ has confirmed it',
    edits: [
      {
        file: `${server}/mail/open-mail-transport.ts`,
        find: 'await broker.publish(names.mail, { id: message.id, body })',
        replace: 'void broker.publish(names.mail, { id: message.id, body }).catch(() => undefined)',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'F10',
    what: 'the outbox is emptied before its e-mail is handed over',
    edits: [
      {
        file: `${server}/mail/relay.ts`,
        find: '    await deps.send(deps.compose(mail.entry, mail.owner), record)\n',
        replace:
          '    await record()\n    await deps.send(deps.compose(mail.entry, mail.owner), record)\n',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'F13',
    what: 'no server sends the e-mails that a dead one left',
    edits: [
      {
        file: `${server}/mail/relay.ts`,
        find: 'const LEASE_MS = 25_000',
        replace: 'const LEASE_MS = 25_000_000',
      },
    ],
    tests: [`${server}/mail/relay.test.ts`],
  },
  {
    id: 'C30',
    what: 'the worker sends e-mails that it has already sent',
    edits: [
      {
        file: 'apps/mail-worker/src/mail-records.ts',
        find: "if sent then return {'sent', 0} end\n",
        replace: '',
      },
      {
        file: 'apps/mail-worker/src/mail-records.ts',
        find: "if ends and tonumber(ends) > now then return {'busy', 0} end\n",
        replace: '',
      },
    ],
    tests: ['apps/mail-worker/src/send-mail.test.ts'],
  },
  {
    id: 'C27',
    what: 'the relay waits for a confirm forever',
    edits: [
      {
        file: 'packages/mail-delivery/src/queues/connect-queues.ts',
        find: 'await withinDeadline(publisher.send(envelope, body), deadlineMs)',
        replace: 'await publisher.send(envelope, body)',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'R70',
    what: 'the Date header of an e-mail is an ISO 8601 string',
    edits: [
      {
        file: 'packages/mail-delivery/src/smtp/create-mailer.ts',
        find: 'date: new Date(at),',
        replace: 'date: at,',
      },
    ],
    tests: ['packages/mail-delivery/src/smtp/create-mailer.test.ts'],
  },
]
