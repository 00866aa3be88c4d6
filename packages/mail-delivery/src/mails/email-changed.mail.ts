import type { Letter } from '../letter.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'
import { noticeFacts } from './notice-facts.ts'

type Data = MailOf<'email_changed'>['data']
type Words = Pick<Letter, 'preheader' | 'paragraphs'>

/** To the address that an account had: another one was asked for, or an earlier one is back. */
export function emailChangedLetter({ at, data }: MailOf<'email_changed'>): Letter {
  const { newEmail } = data
  return {
    subject: `New mail address for your account at ${data.siteName}`,
    title: 'New mail address',
    ...(data.change === 'given_back' ? givenBack(data) : asked(data)),
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

function asked(data: Data): Words {
  return {
    preheader: 'If you did not do this, tell us now.',
    paragraphs: [
      `A new mail address was given for ${accountName(data)} at ${data.siteName}.`,
      'Once the new address is confirmed, mail goes there and no longer here. If that was you, there is nothing to do.',
    ],
  }
}

function givenBack(data: Data): Words {
  return {
    preheader: 'It has the address again that it had before.',
    paragraphs: [
      `The address of ${accountName(data)} at ${data.siteName} was changed to this one. From the mailbox that it had before, somebody said that this was not them.`,
      'So the account has the earlier address again, and mail comes here no longer. If you think that this is wrong, contact us.',
    ],
  }
}
