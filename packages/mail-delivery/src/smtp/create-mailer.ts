import { Transform } from 'node:stream'
import { domainToASCII } from 'node:url'
import { type MailMessage, mailMessage } from 'mail-contract'
import { createTransport } from 'nodemailer'
import { abortAfter } from './abort-after.ts'
import { explainFailure } from './explain-failure.ts'
import { MailError } from './mail-error.ts'
import type { MailBrand } from '../mail-brand.ts'
import { renderMail } from '../render-mail.ts'
import { oneByOne } from './one-by-one.ts'

export type Mailer = {
  /**
   * Resolves when the SMTP server has accepted the e-mail and `record`, which prevents sending it again,
   * has resolved. With a fast server, only one e-mail at a time is between its last line and its record.
   * So however many are being sent when this process dies, at most one goes out twice (N1).
   *
   * @throws MailError
   */
  deliver: (message: MailMessage, record?: () => Promise<void>) => Promise<void>
}

type MailerOptions = {
  /** `smtp://host:25`, `smtps://user:password@host:465`; `?requireTLS=true` enforces STARTTLS. */
  smtpUrl: string
  /** The sender: `no-reply@example.com` or `Example <no-reply@example.com>`. */
  from: string
  brand?: MailBrand
  /**
   * A conversation is cut off after this many milliseconds. Waiting for other e-mails does not count.
   */
  timeoutMs?: number
}

/** If a server takes longer than this to answer 250, in ms, e-mails no longer wait for their turn. */
const LAST_STEP_MS = 250

/** Sends e-mails over SMTP, each on its own connection, so that a slow one holds up no other. */
export function createMailer({
  smtpUrl,
  from,
  brand = {},
  timeoutMs = 30_000,
}: MailerOptions): Mailer {
  const sender = senderOf(from)
  const domain = domainToASCII(sender.address.replace(/^.*@/, ''))
  const takeTurn = oneByOne(LAST_STEP_MS)
  return {
    deliver: async (given, record) => {
      const message = checkMessage(given)
      const { id, to, at } = message
      const deadline = abortAfter(timeoutMs)
      const done = Promise.withResolvers<void>()
      // The turn ends with this delivery, even if it comes after the e-mail has failed.
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
        ...renderMail(message, brand),
        // The same for every try, so that a mailbox can recognise a duplicate.
        messageId: `<${id}@${domain}>`,
        // A string would be sent as it is, and mail servers refuse a date outside RFC 5322.
        date: new Date(at),
        // RFC 3834: suppresses out-of-office replies.
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

/** Connects to the SMTP server. An e-mail's last line goes out when `beforeLastLine` has resolved. */
function openTransport(url: string, { beforeLastLine }: { beforeLastLine: () => Promise<void> }) {
  const transport = createTransport({ url, disableFileAccess: true, disableUrlAccess: true })
  return transport.use('stream', (mail, done) => {
    mail.message.transform(() => holdTheEnd(beforeLastLine))
    done()
  })
}

/** Passes a text on unchanged, and ends it when `step` has resolved. */
function holdTheEnd(step: () => Promise<void>): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void step().then(() => done()),
  })
}

// Nodemailer gets only one plain address and single lines (R43, C24).
function checkMessage(given: MailMessage): MailMessage {
  const { data, error } = mailMessage.safeParse(given)
  if (data) return data
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new MailError({ temporary: false, reason: `This is not a valid e-mail: ${fields}.` })
}

// Splits a sender that the stricter `mailSettings` of service-kit has checked.
const senderPattern =
  /^(?:(?<name>[^\p{C}<>]*) <(?<inside>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+)>|(?<alone>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+))$/u

// Split, because nodemailer would read a comma in the name as a second sender.
function senderOf(from: string): { name: string; address: string } {
  const { name = '', inside, alone } = senderPattern.exec(from)?.groups ?? {}
  const address = inside ?? alone
  if (address === undefined) throw new TypeError('from must be name@host or Name <name@host>')
  return { name, address }
}
