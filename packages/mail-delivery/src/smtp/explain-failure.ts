import { types } from 'node:util'
import type { MailMessage } from 'mail-contract'
import { MailError } from './mail-error.ts'

type SmtpFailure = { code?: unknown; responseCode?: unknown; response?: unknown; message: string }

// Only these are about this very mail; any other failure (connection, TLS, our own sign-in at the
// server) hits every mail alike and goes away when somebody mends it.
const aboutThisMail = new Set<unknown>(['EENVELOPE', 'EMESSAGE'])

/** What a failed SMTP conversation means for the mail. */
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

/** One line of text with nothing in it that opens an account: servers quote links they dislike. */
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

// RFC 5321, 4.2.1; 503 says that the session was out of step, not that the mail is unwanted. No code
// at all means that nodemailer itself refused what it was given.
function isPermanent(responseCode: unknown): boolean {
  if (typeof responseCode !== 'number') return true
  return responseCode >= 500 && responseCode !== 503
}
