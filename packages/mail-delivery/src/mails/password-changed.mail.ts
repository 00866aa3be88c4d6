import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

/** To a user: the password was changed. */
export function passwordChangedLetter({ at, data }: MailOf<'password_changed'>): Letter {
  return {
    subject: `Your password at ${data.siteName} was changed`,
    preheader: 'If you did not do this, tell us now.',
    title: 'Your password was changed',
    paragraphs: [
      `The password of ${accountName(data)} at ${data.siteName} is a new one.`,
      'If that was you, there is nothing to do.',
    ],
    facts: noticeFacts({ at, data }),
    notMe: notMeLink(
      data.notMeUrl,
      'You did not do this? Then end every sign-in and choose a new password.',
    ),
  }
}
