import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

/** To a user: the password was changed. */
export function passwordChangedLetter({ at, data }: MailOf<'password_changed'>): Letter {
  return {
    subject: `Your password at ${data.siteName} was changed`,
    preheader: 'If this was not you, act now.',
    title: 'Your password was changed',
    paragraphs: [
      `The password of ${accountName(data)} at ${data.siteName} was changed.`,
      'If this was you, there is nothing to do.',
    ],
    facts: noticeFacts({ at, data }),
    notMe: notMeLink(data.notMeUrl, 'Wasn’t you? End every session and choose a new password.'),
  }
}
