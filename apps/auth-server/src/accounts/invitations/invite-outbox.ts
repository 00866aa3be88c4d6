import { type Outbox, outboxOf } from '../../mail/outboxes.ts'
import { type Invite, type Invites, toInvite } from './invite.model.ts'

/** The e-mails that wait in invites, each to be written about its invite. */
export function inviteOutbox(invites: Invites): Outbox<{ invite: Invite }> {
  return outboxOf(invites, (stored) => ({ invite: toInvite(stored) }))
}
