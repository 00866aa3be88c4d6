import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

type Data = MailOf<'email_changed'>['data']
type Words = Pick<Letter, 'preheader' | 'paragraphs'>

/** To an account's previous address: a new one was requested, or an earlier one took the account back. */
export function emailChangedLetter({ at, data }: MailOf<'email_changed'>): Letter {
  const { newEmail } = data
  return {
    subject: `New e-mail address for your account at ${data.siteName}`,
    title: 'New e-mail address',
    ...(data.change === 'given_back' ? givenBack(data) : asked(data)),
    facts: [
      ...(newEmail ? [{ label: 'New address', value: newEmail }] : []),
      ...noticeFacts({ at, data }),
    ],
    notMe: notMeLink(data.notMeUrl, 'Wasn’t you? End every session and choose a new password.'),
  }
}

function asked(data: Data): Words {
  return {
    preheader: 'If this was not you, act now.',
    paragraphs: [
      `A new e-mail address was requested for ${accountName(data)} at ${data.siteName}.`,
      'Once the new address is confirmed, e-mails go there instead. If this was you, there is nothing to do.',
    ],
  }
}

function givenBack(data: Data): Words {
  return {
    preheader: 'The account has its earlier address again.',
    paragraphs: [
      `The address of ${accountName(data)} at ${data.siteName} had been changed to this one. The owner of the earlier address reported that they did not do this.`,
      'So the account has its earlier address again, and no e-mails come here any more. If you think that this is wrong, contact us.',
    ],
  }
}
