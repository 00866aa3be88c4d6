import { types } from 'node:util'
import type { MailMessage } from 'mail-contract'
import { MailError } from './mail-error.ts'

type SmtpFailure = { code?: unknown; responseCode?: unknown; response?: unknown; message: string }

// Only these concern this e-mail. Any other failure (connection, TLS, our sign-in at the server) affects
// all e-mails and ends when someone fixes it.
const aboutThisMail = new Set<unknown>(['EENVELOPE', 'EMESSAGE'])

/** Decides what a failed SMTP conversation means for the e-mail. */
export function explainFailure(error: unknown, message: MailMessage): MailError {
  const failure: SmtpFailure = types.isNativeError(error) ? error : { message: 'unknown failure' }
  const { code, responseCode, response } = failure
  const said = typeof response === 'string' && response !== '' ? response : failure.message
  const reason = code === 'EABORT' ? 'The SMTP conversation took too long.' : said
  return new MailError({
    temporary: !(aboutThisMail.has(code) && isPermanent(responseCode)),
    reason: withoutLinks(reason, message),
  })
}

/** Reduces a text to one line without links, because servers quote links that they reject. */
export function withoutLinks(text: string, { data }: MailMessage): string {
  const links = ['link' in data ? data.link.url : undefined, data.notMeUrl]
  const secrets = links.flatMap(secretsOf).toSorted((a, b) => b.length - a.length)
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '[link]'), text)
    .replace(/https?:\/\/\S+/gi, '[link]')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
}

function secretsOf(link: string | undefined): string[] {
  if (link === undefined) return []
  const { href, pathname, search, searchParams } = new URL(link)
  const parts = [href, search, ...pathname.split('/'), ...searchParams.values()]
  return parts.filter((part) => part.length >= 8)
}

// RFC 5321, 4.2.1. A 503 means that the commands came out of order, not that the e-mail is unwanted.
// Without a code, nodemailer itself refused the e-mail.
function isPermanent(responseCode: unknown): boolean {
  if (typeof responseCode !== 'number') return true
  return responseCode >= 500 && responseCode !== 503
}
