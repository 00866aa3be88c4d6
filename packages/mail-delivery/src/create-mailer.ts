import { domainToASCII } from 'node:url'
import { type MailMessage, mailMessage } from 'mail-contract'
import { createTransport } from 'nodemailer'
import { explainFailure } from './explain-failure.ts'
import { MailError } from './mail-error.ts'
import { renderMail } from './render-mail.ts'

export type Mailer = {
  /**
   * Resolves when the SMTP server has accepted the mail.
   *
   * @throws MailError
   */
  deliver: (message: MailMessage) => Promise<void>
  close: () => void
}

type MailerOptions = {
  /** `smtp://host:25`, `smtps://user:password@host:465`; `?requireTLS=true` insists on STARTTLS. */
  smtpUrl: string
  /** The sender: `no-reply@example.com` or `Example <no-reply@example.com>`. */
  from: string
  /** After this many milliseconds a conversation is cut, however far it is. */
  timeoutMs?: number
}

/** Sends mails over SMTP, one connection a mail, so that a slow one holds up nobody. */
export function createMailer({ smtpUrl, from, timeoutMs = 30_000 }: MailerOptions): Mailer {
  const domain = domainOf(from)
  const transport = createTransport({
    url: smtpUrl,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    deliver: async (given) => {
      const message = checkMessage(given)
      const { id, to, at } = message
      const mail = {
        from,
        to: { name: '', address: to },
        ...renderMail(message),
        // The same for every try: a mailbox that gets a mail twice can tell.
        messageId: `<${id}@${domain}>`,
        date: at,
        // RFC 3834: no "I am on holiday" in return.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        signal: AbortSignal.timeout(timeoutMs),
      }
      await transport.sendMail(mail).catch((error: unknown) => {
        throw explainFailure(error, message)
      })
    },
    close: () => transport.close(),
  }
}

// In time: what reaches the mail program is one address and single lines (R43, C24).
function checkMessage(given: MailMessage): MailMessage {
  const { data, error } = mailMessage.safeParse(given)
  if (data) return data
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new MailError({ temporary: false, reason: `This is not a valid mail: ${fields}.` })
}

function domainOf(from: string): string {
  const domain = /^(?:[^\p{C}<>]*<)?[^\s\p{C}<>@]+@([^\s\p{C}<>@]+?)>?$/u.exec(from)?.[1]
  if (domain === undefined) throw new TypeError('from must be name@host or Name <name@host>')
  return domainToASCII(domain)
}
