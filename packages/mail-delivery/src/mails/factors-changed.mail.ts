import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

type Change = MailOf<'factors_changed'>['data']['change']

const titles: Record<Change, string> = {
  totp_added: 'An authenticator app was added',
  totp_removed: 'Your authenticator app was removed',
  passkey_added: 'A passkey was added',
  passkey_removed: 'A passkey was removed',
  recovery_codes_made: 'You have new recovery codes',
  recovery_code_used: 'A recovery code was used',
  factors_reset: 'Your second factors were removed',
}

/** To a user: the account's second factors have changed, or a recovery code was used. */
export function factorsChangedLetter({ at, data }: MailOf<'factors_changed'>): Letter {
  const title = titles[data.change]
  return {
    subject: `${title} at ${data.siteName}`,
    preheader: 'If this was not you, act now.',
    title,
    paragraphs: [
      `This changes how to sign in to ${accountName(data)} at ${data.siteName}.`,
      detailOf(data),
    ],
    facts: noticeFacts({ at, data }),
    notMe: notMeLink(data.notMeUrl, 'Wasn’t you? End every session and choose a new password.'),
  }
}

function detailOf({ change, left }: MailOf<'factors_changed'>['data']): string {
  if (change === 'factors_reset')
    return 'An administrator removed every authenticator app, passkey and recovery code, and ended every session. Sign in with your password and set up a new second factor.'
  if (left !== undefined)
    return `It cannot be used again. Recovery codes left: ${left}. Create new ones on your account page before you run out.`
  return 'If this was you, there is nothing to do.'
}
