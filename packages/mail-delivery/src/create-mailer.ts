import { Transform } from 'node:stream'
import { domainToASCII } from 'node:url'
import { type MailMessage, mailMessage } from 'mail-contract'
import { createTransport } from 'nodemailer'
import { abortAfter } from './abort-after.ts'
import { explainFailure } from './explain-failure.ts'
import { MailError } from './mail-error.ts'
import { renderMail } from './render-mail.ts'
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
      const mail = {
        from: sender,
        to: { name: '', address: to },
        ...renderMail(message),
        // The same for every try: a mailbox that gets a mail twice can tell.
        messageId: `<${id}@${domain}>`,
        date: at,
        // RFC 3834: no "I am on holiday" in return.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        signal: deadline.signal,
      }
      let turn: ReturnType<typeof takeTurn> | undefined
      const options = { url: smtpUrl, disableFileAccess: true, disableUrlAccess: true }
      const transport = createTransport(options).use('stream', (mail, done) => {
        mail.message.transform(() => beforeTheEnd(() => deadline.hold((turn = takeTurn()))))
        done()
      })
      try {
        await transport
          .sendMail(mail)
          .catch((error: unknown) => {
            throw explainFailure(error, message)
          })
          .finally(deadline.clear)
        await record?.()
      } finally {
        // Also where the turn has not come yet.
        void turn?.then((endTurn) => endTurn())
      }
    },
  }
}

/** Passes a text on as it is; says that it is whole when `step` has resolved. */
function beforeTheEnd(step: () => Promise<unknown>): Transform {
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

const senderPattern =
  /^(?:(?<name>[^\p{C}<>]*) <(?<inside>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+)>|(?<alone>[^\s\p{C}<>@]+@[^\s\p{C}<>@]+))$/u

// In its parts: the mail program would read a comma in the name as a second sender.
function senderOf(from: string): { name: string; address: string } {
  const { name = '', inside, alone } = senderPattern.exec(from)?.groups ?? {}
  const address = inside ?? alone
  if (address === undefined) throw new TypeError('from must be name@host or Name <name@host>')
  return { name, address }
}
