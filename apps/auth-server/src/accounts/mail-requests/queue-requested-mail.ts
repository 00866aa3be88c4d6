import { mailEntry, type RequestedMail } from '../../mail/mail-entry.ts'
import { putInOutbox } from '../../users/put-in-outbox.ts'
import type { Users } from '../../users/user.model.ts'
import type { AccountDeps } from '../account-deps.ts'
import { claimMail } from '../../mail/claim-mail.ts'

type Wanted = { kind: RequestedMail; emailKey: string; id?: string }

/**
 * Queues an e-mail for the account with that address, if there is one that needs it. It goes to the
 * stored address, whatever was typed (C22).
 *
 * @param mail.id given if the same request may be processed twice
 * @returns the user of that account; null if there is none
 */
export async function queueMail(
  users: Users,
  { kind, emailKey, id: mailId }: Wanted,
): Promise<{ id: string; username: string } | null> {
  const open = kind === 'confirm' ? { verifiedAt: null } : {}
  const condition = { emailKey: { $eq: emailKey }, deletingAt: null, ...open }
  const user = await users.findOne(condition, { email: 1, username: 1 }).lean()
  if (!user) return null
  const { _id: userId, email: to, username } = user
  const id = userId.toHexString()
  const entry = mailEntry({ kind, to, ...(mailId !== undefined && { id: mailId }) })
  await putInOutbox(users, id, entry)
  return { id, username }
}

type Deps = Pick<AccountDeps, 'users' | 'redis' | 'keyPrefix'>

/**
 * The same, at most once in 5 minutes for each address.
 *
 * @returns `user` as `queueMail` gives it; undefined if an e-mail was sent within the last 5 minutes
 */
export async function queueClaimedMail(
  deps: Deps,
  { kind, emailKey }: { kind: RequestedMail; emailKey: string },
): Promise<{ user: Awaited<ReturnType<typeof queueMail>> } | undefined> {
  return await claimMail(deps, { kind, about: emailKey }, async (mayGo) =>
    mayGo ? { user: await queueMail(deps.users, { kind, emailKey }) } : undefined,
  )
}
