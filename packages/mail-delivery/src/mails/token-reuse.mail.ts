import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

/** To a user: a refresh token was used twice, so its family has ended. */
export function tokenReuseLetter({ at, data }: MailOf<'token_reuse'>): Letter {
  const app = data.client ?? 'An app'
  return {
    subject: `We ended a sign-in to your account at ${data.siteName}`,
    preheader: 'A key to your account was used twice.',
    title: 'We ended a sign-in',
    paragraphs: [
      `${app}, which was signed in to ${accountName(data)} at ${data.siteName}, used a key that had been used before. This happens if the key was copied, or if the app lost our answer and tried again much later. We cannot tell which, so we ended that sign-in.`,
      'You can sign in to the app again. If you do not know why this happened, choose a new password.',
    ],
    facts: noticeFacts({ at, data }),
    notMe: notMeLink(
      data.notMeUrl,
      'Do you not use that app? Then end every session and choose a new password.',
    ),
  }
}
