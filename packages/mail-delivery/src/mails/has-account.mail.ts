import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a user with whose address somebody signed up: there is an account, and here is the way in. */
export function hasAccountLetter({ data }: MailOf<'has_account'>): Letter {
  return {
    subject: `You already have an account at ${data.siteName}`,
    preheader: 'Nothing has changed. Sign in, or choose a new password.',
    title: 'You already have an account',
    paragraphs: [
      `Somebody, most likely you, signed up at ${data.siteName} with this address. It belongs to ${accountName(data)} already, so nothing has changed.`,
      'Sign in as usual. If you have forgotten your password, choose a new one with the button.',
    ],
    button: linkButton('Set a new password', data.link),
    notMe: notMeLink(
      data.notMeUrl,
      'Didn’t sign up? You don’t need to do anything: nobody got into your account. If it happens again, tell us.',
    ),
  }
}
