import type { MailMessage } from 'mail-contract'
import type { Letter } from '../letter.ts'
import { confirmLetter } from './confirm.mail.ts'
import { emailChangeLetter } from './email-change.mail.ts'
import { emailChangedLetter } from './email-changed.mail.ts'
import { factorsChangedLetter } from './factors-changed.mail.ts'
import { hasAccountLetter } from './has-account.mail.ts'
import { inviteLetter } from './invite.mail.ts'
import { newDeviceLetter } from './new-device.mail.ts'
import { passwordChangedLetter } from './password-changed.mail.ts'
import { resetLetter } from './reset.mail.ts'
import { tokenReuseLetter } from './token-reuse.mail.ts'

/** Writes the content of an e-mail of any kind. */
export function writeLetter(message: MailMessage): Letter {
  switch (message.kind) {
    case 'confirm':
      return confirmLetter(message)
    case 'reset':
      return resetLetter(message)
    case 'has_account':
      return hasAccountLetter(message)
    case 'invite':
      return inviteLetter(message)
    case 'email_change':
      return emailChangeLetter(message)
    case 'email_changed':
      return emailChangedLetter(message)
    case 'password_changed':
      return passwordChangedLetter(message)
    case 'token_reuse':
      return tokenReuseLetter(message)
    case 'factors_changed':
      return factorsChangedLetter(message)
    case 'new_device':
    default:
      return newDeviceLetter(message)
  }
}
