import type { MailMessage } from 'mail-contract'
import { noticeFacts } from '../../http/request-device.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { putInOutbox } from '../../users/put-in-outbox.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import type { Request } from 'express'

export type TellDeps = Pick<SignInDeps, 'config' | 'users' | 'relay' | 'logger' | 'audit'>

type Change = Extract<MailMessage, { kind: 'factors_changed' }>['data']['change']

/**
 * Notifies a user by e-mail that their sign-in methods have changed. The change stands even if the e-mail
 * cannot be written. A user service e-mails its users itself.
 */
export async function tellFactorsChanged(
  { config, users, relay, logger }: Pick<TellDeps, 'config' | 'users' | 'relay' | 'logger'>,
  req: Request | null,
  notice: { user: { id: string; email: string }; change: Change; left?: string },
): Promise<void> {
  if (config.userService) return
  const { user, change, left } = notice
  const data = { ...(req && noticeFacts(req)), change, ...(left !== undefined && { left }) }
  try {
    const mail = mailEntry({ kind: 'factors_changed', to: user.email, data })
    await putInOutbox(users, user.id, mail)
    relay.wake()
  } catch (error) {
    logger.warn({ err: error }, 'a notice of changed factors was not sent')
  }
}
