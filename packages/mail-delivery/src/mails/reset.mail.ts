import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a user who has forgotten the password, or whose account is at risk: choose a new one. */
export function resetLetter({ data }: MailOf<'reset'>): Letter {
  return {
    subject: `Set a new password at ${data.siteName}`,
    preheader: 'Your password stays the same until you choose a new one.',
    title: 'Set a new password',
    paragraphs: [
      `Someone, probably you, asked for a new password for ${accountName(data)} at ${data.siteName}.`,
      'Follow the link to choose one. This ends every session of the account. Until then, your password stays the same.',
    ],
    button: linkButton('Set a new password', data.link),
    notMe: notMeLink(
      data.notMeUrl,
      'Didn’t ask for this? Nothing has changed. If it happens again, tell us.',
    ),
  }
}
