import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

export function emailChangedLetter({ at, data }: MailOf<'email_changed'>): Letter {
  const { newEmail } = data
  return {
    subject: `New mail address for your account at ${data.siteName}`,
    preheader: 'If you did not do this, tell us now.',
    title: 'New mail address',
    paragraphs: [
      `A new mail address was given for ${accountName(data)} at ${data.siteName}.`,
      'Once the new address is confirmed, mail goes there and no longer here. If that was you, there is nothing to do.',
    ],
    facts: [
      ...(newEmail ? [{ label: 'New address', value: newEmail }] : []),
      ...noticeFacts({ at, data }),
    ],
    notMe: notMeLink(
      data.notMeUrl,
      'You did not do this? Then end every sign-in and choose a new password.',
    ),
  }
}
