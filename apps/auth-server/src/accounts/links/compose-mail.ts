import { mailMessage, type MailMessage } from 'mail-contract'
import type { Config } from '../../config/config.ts'
import { inviteLink } from '../invitations/invite-link.ts'
import type { ReservationOwner } from '../reservations/reservation-outbox.ts'
import type { LinkUser } from './link-purposes.ts'
import { linkFor } from './link-urls.ts'
import type { OutboxEntry } from '../../mail/mail-entry.ts'
import type { MailOwner } from './account-outboxes.ts'
import { UnsendableMail } from '../../mail/mail-errors.ts'

type MailConfig = Pick<Config, 'publicUrl' | 'siteName' | 'mailSecrets'>
type Addressed = Pick<OutboxEntry, 'kind' | 'to' | 'data'>

/**
 * The e-mail for an outbox entry, with the links that the entry does not hold.
 *
 * @throws UnsendableMail if the entry is invalid, or the link is now for another address
 */
export function composeMail(
  config: MailConfig,
  { id, locale, at, ...entry }: OutboxEntry,
  owner: MailOwner,
): MailMessage {
  const { kind, to, data } = 'reservation' in owner ? addressedTo(owner, entry) : entry
  const facts = {
    ...data,
    ...linksOf(config, { kind, to, data }, owner),
    siteName: config.siteName,
  }
  const message = { id, kind, to, locale, at: at.toISOString(), data: facts }
  const { success, data: composed, error } = mailMessage.safeParse(message)
  if (success) return composed
  const fields = error.issues.map(({ path }) => path.join('.'))
  throw new UnsendableMail(`Invalid e-mail: check ${fields.join(', ')}.`)
}

/** If the address has an account, its owner is notified at the stored address (C22). */
function addressedTo({ account }: ReservationOwner, entry: Addressed): Addressed {
  return account ? { ...entry, kind: 'has_account', to: account.email } : entry
}

function linksOf(config: MailConfig, mail: Addressed, owner: MailOwner) {
  const { publicUrl, mailSecrets: secrets } = config
  const options = { publicUrl, secrets }
  if ('invite' in owner) return { link: inviteLink(options, owner.invite) }
  if ('user' in owner) return userLinks(options, mail, owner.user)
  const { account, reservation } = owner
  if (account) return userLinks(options, mail, account)
  // As if signed at the sign-up, so that the link ends with the reservation whenever it is sent.
  const asOf = { ...options, now: reservation.createdAt }
  return userLinks(asOf, mail, { ...reservation, pendingEmail: null, deletingAt: null })
}

function userLinks(
  options: Parameters<typeof linkFor>[0],
  mail: Addressed,
  user: LinkUser & { username: string },
) {
  return { username: user.username, ...linkFor(options, mail, user) }
}
