import type { Outbox } from '../../mail/outboxes.ts'
import { userOutbox } from '../../users/user-outbox.ts'
import type { User, Users } from '../../users/user.model.ts'
import { inviteOutbox } from '../invitations/invite-outbox.ts'
import type { Invite, Invites } from '../invitations/invite.model.ts'

/** The user or invite that an e-mail is about; its document holds the e-mail. */
export type MailOwner = { user: User } | { invite: Invite }

/** Every outbox of the accounts: users and invites. */
export function accountOutboxes(stores: { users: Users; invites: Invites }): Outbox<MailOwner>[] {
  return [userOutbox(stores.users), inviteOutbox(stores.invites)]
}
