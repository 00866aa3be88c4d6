import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To the new address of an account: confirm it. */
export function emailChangeLetter({ data }: MailOf<'email_change'>): Letter {
  return {
    subject: `Confirm your new e-mail address at ${data.siteName}`,
    preheader: 'Your old address stays in use until then.',
    title: 'Confirm your new address',
    paragraphs: [
      `Someone, probably you, asked to use this address for ${accountName(data)} at ${data.siteName}.`,
      'Confirm that the address is yours. Until then, the old one stays in use.',
    ],
    button: linkButton('Confirm new address', data.link),
    notMe: notMeLink(data.notMeUrl, 'Wasn’t you? Nothing changes unless you confirm.'),
  }
}
