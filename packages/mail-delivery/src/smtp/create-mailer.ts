import { Transform } from 'node:stream'
import { domainToASCII } from 'node:url'
import { type MailMessage, mailMessage } from 'mail-contract'
import { createTransport } from 'nodemailer'
import { abortAfter } from './abort-after.ts'
import { explainFailure } from './explain-failure.ts'
import { MailError } from './mail-error.ts'
import { renderMail } from '../render-mail.ts'
import { oneByOne } from './one-by-one.ts'

export type Mailer = {
  /**
   * Resolves when the SMTP server has accepted the mail and `record`, which keeps it from being
   * sent again, has resolved. With a server that accepts at once, one mail at a time is between its
   * last line and its record: however many are on their way when this process dies, one goes out
   * twice at most (N1).
   *
   * @throws MailError
   */
  deliver: (message: MailMessage, record?: () => Promise<void>) => Promise<void>
}

type MailerOptions = {
  /** `smtp://host:25`, `smtps://user:password@host:465`; `?requireTLS=true` insists on STARTTLS. */
  smtpUrl: string
  /** The sender: `no-reply@example.com` or `Example <no-reply@example.com>`. */
  from: string
  /**
   * A conversation is cut after this many milliseconds, however far it is; waiting for others does
   * not count.
   */
  timeoutMs?: number
}

/** A server that takes longer than this to say 250, in ms, would make too many wait. */
const LAST_STEP_MS = 250

/** Sends mails over SMTP, one connection a mail, so that a slow one holds up nobody. */
export function createMailer({ smtpUrl, from, timeoutMs = 30_000 }: MailerOptions): Mailer {
  const sender = senderOf(from)
  const domain = domainToASCII(sender.address.replace(/^.*@/, ''))
  const takeTurn = oneByOne(LAST_STEP_MS)
  return {
    deliver: async (given, record) => {
      const message = checkMessage(given)
      const { id, to, at } = message
      const deadline = abortAfter(timeoutMs)
      const done = Promise.withResolvers<void>()
      // Whenever the turn comes, and also after the mail has failed, it ends when this one is done.
      async function takeTurnUntilDone(): Promise<void> {
        const endTurn = await takeTurn()
        void done.promise.then(endTurn)
      }
      const transport = openTransport(smtpUrl, {
        beforeLastLine: () => deadline.hold(takeTurnUntilDone()),
      })
      const mail = {
        from: sender,
        to: { name: '', address: to },
        ...renderMail(message),
        // The same for every try: a mailbox that gets a mail twice can tell.
        messageId: `<${id}@${domain}>`,
        // A string would go out as it is, and mail servers refuse what RFC 5322 does not allow.
        date: new Date(at),
        // RFC 3834: no "I am on holiday" in return.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        signal: deadline.signal,
      }
      try {
        await transport
          .sendMail(mail)
          .catch((error: unknown) => {
            throw explainFailure(error, message)
          })
          .finally(deadline.clear)
        await record?.()
      } finally {
        done.resolve()
      }
    },
  }
}

/** The way to the SMTP server. A mail's last line goes out when `beforeLastLine` has resolved. */
function openTransport(url: string, { beforeLastLine }: { beforeLastLine: () => Promise<void> }) {
  const transport = createTransport({ url, disableFileAccess: true, disableUrlAccess: true })
  return transport.use('stream', (mail, done) => {
    mail.message.transform(() => holdTheEnd(beforeLastLine))
    done()
  })
}

/** Passes a text on as it is; says that it is whole when `step` has resolved. */
function holdTheEnd(step: () => Promise<void>): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void step().then(() => done()),
  })
}

// Checked in time: what reaches the mail program is one address and single lines (R43, C24).
function checkMessage(given: MailMessage): MailMessage {
  const { data, error } = mailMessage.safeParse(given)
  if (data) return data
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new MailError({ temporary: false, reason: `This is not a valid mail: ${fields}.` })
}

// Takes apart what `mailSettings` of service-kit has checked, which is stricter.
const senderPattern =
  /^(?:(?<name>[^\p{C}<>]*) <(?<inside>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+)>|(?<alone>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+))$/u

// In its parts: the mail program would read a comma in the name as a second sender.
function senderOf(from: string): { name: string; address: string } {
  const { name = '', inside, alone } = senderPattern.exec(from)?.groups ?? {}
  const address = inside ?? alone
  if (address === undefined) throw new TypeError('from must be name@host or Name <name@host>')
  return { name, address }
}
