import { mailMessage, type MailMessage } from 'mail-contract'
import type { Config } from '../../config/config.ts'
import { inviteLink } from '../invitations/invite-link.ts'
import { linkFor } from './link-urls.ts'
import type { OutboxEntry } from '../../mail/mail-entry.ts'
import type { MailOwner } from './account-outboxes.ts'
import { UnsendableMail } from '../../mail/mail-errors.ts'

type MailConfig = Pick<Config, 'publicUrl' | 'siteName' | 'mailSecrets'>

/**
 * The e-mail for an outbox entry, with the links that the entry does not hold.
 *
 * @throws UnsendableMail if the entry is invalid, or the link is now for another address
 */
export function composeMail(
  config: MailConfig,
  { id, kind, to, locale, at, data }: OutboxEntry,
  owner: MailOwner,
): MailMessage {
  const facts = {
    ...data,
    ...linksOf(config, { kind, to, data }, owner),
    siteName: config.siteName,
  }
  const message = { id, kind, to, locale, at: at.toISOString(), data: facts }
  const { success, data: composed, error } = mailMessage.safeParse(message)
  if (success) return composed
  const fields = error.issues.map(({ path }) => path.join('.') || 'kind')
  throw new UnsendableMail(`Invalid e-mail: check ${fields.join(', ')}.`)
}

function linksOf(
  config: MailConfig,
  mail: Pick<OutboxEntry, 'kind' | 'to' | 'data'>,
  owner: MailOwner,
) {
  const { publicUrl, mailSecrets: secrets } = config
  if ('invite' in owner) return { link: inviteLink({ publicUrl, secrets }, owner.invite) }
  return { username: owner.user.username, ...linkFor({ publicUrl, secrets }, mail, owner.user) }
}
