import { type Outbox, outboxOf } from '../../mail/outboxes.ts'
import { type Invite, type Invites, toInvite } from './invite.model.ts'

/** The e-mails that wait in the documents of invites. */
export function inviteOutbox(invites: Invites): Outbox<{ invite: Invite }> {
  return outboxOf(invites, (stored) => ({ invite: toInvite(stored) }))
}
