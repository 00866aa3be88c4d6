import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { MailMessage } from 'mail-contract'
import { attachedLogo, type Attachment, LOGO_CID, type MailBrand } from './mail-brand.ts'
import { writeLetter } from './mails/write-letter.ts'

export type RenderedMail = {
  subject: string
  html: string
  text: string
  attachments?: Attachment[]
}

const latchkeyColors = { light: '#0e5c4a', dark: '#7fd0b5' }

const views = fileURLToPath(new URL('.', import.meta.url))
const eta = new Eta({ views, autoEscape: true, cache: true })
const plainEta = new Eta({ views, autoEscape: false, cache: true })

/** Renders the e-mail. In the HTML, every value is escaped (R40). */
export function renderMail(message: MailMessage, brand: MailBrand = {}): RenderedMail {
  const { to, data } = message
  const letter = writeLetter(message)
  const logo = attachedLogo(brand)
  const view = {
    letter,
    to,
    siteName: data.siteName,
    reason: reasonFor(message),
    color: brand.color ?? latchkeyColors,
    logo: logo && `cid:${LOGO_CID}`,
  }
  return {
    ...(logo && { attachments: [logo] }),
    subject: letter.subject,
    html: eta.render('/mail.html.eta', view),
    text: `${plainEta.render('/mail.text.eta', view).trim()}\n`,
  }
}

function reasonFor({ to, kind, data: { username, siteName } }: MailMessage): string {
  if (kind === 'invite')
    return `This e-mail was sent to ${to} because someone at ${siteName} invited you.`
  const account = username === undefined ? 'an account' : `the account “${username}”`
  return `This e-mail was sent to ${to} because it is the address of ${account} at ${siteName}.`
}
