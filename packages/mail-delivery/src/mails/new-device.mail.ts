import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

/** To a user: someone signed in with a browser that is new to the account. */
export function newDeviceLetter({ at, data }: MailOf<'new_device'>): Letter {
  return {
    subject: `New sign-in to your account at ${data.siteName}`,
    preheader: 'If this was not you, act now.',
    title: 'New sign-in to your account',
    paragraphs: [
      `Someone signed in to ${accountName(data)} at ${data.siteName} from a new device.`,
      'If this was you, there is nothing to do.',
    ],
    facts: noticeFacts({ at, data }),
    notMe: notMeLink(data.notMeUrl, 'Wasn’t you? End every session and choose a new password.'),
  }
}
