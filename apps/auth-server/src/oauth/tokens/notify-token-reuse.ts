import { findClient } from '../clients/find-client.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { putInOutbox } from '../../users/put-in-outbox.ts'
import { type Families, type Family, toFamily } from '../families/family.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'

type NotifyDeps = Pick<
  TokenDeps,
  'clients' | 'families' | 'users' | 'directory' | 'relay' | 'config'
>

/**
 * Notifies a user by e-mail that one of their refresh tokens was used twice. The e-mail has the family's
 * id, so a retry after an outage still sends one. Users of a user service get no e-mail from here.
 */
export async function notifyTokenReuse(deps: NotifyDeps, family: Family): Promise<void> {
  const [user, client] = await Promise.all([
    deps.directory.findById(family.userId),
    findClient(deps.clients, family.clientId),
  ])
  if (user && !deps.config.userService) {
    const data = client ? { client: client.name } : {}
    const mail = mailEntry({ id: family.id, kind: 'token_reuse', to: user.email, data })
    await putInOutbox(deps.users, user.id, mail)
    deps.relay.wake()
  }
  await deps.families.updateOne({ _id: family.id }, { $set: { noticeDue: false } })
}

/**
 * Families whose user was not notified, because the process died or MongoDB was down after the reuse.
 */
export async function findUnnotified(families: Families, before: Date): Promise<Family[]> {
  const records = await families
    .find({ noticeDue: true, revokedAt: { $lt: before } })
    .limit(100)
    .lean()
  return records.map(toFamily)
}
