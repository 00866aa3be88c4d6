import { mailEntry, type RequestedMail } from '../../mail/mail-entry.ts'
import { putInOutbox } from '../../users/put-in-outbox.ts'
import type { Users } from '../../users/user.model.ts'
import type { AccountDeps } from '../account-deps.ts'
import { claimMail } from '../../mail/claim-mail.ts'

type Wanted = { kind: RequestedMail; emailKey: string; id?: string }

/**
 * Puts a mail into the outbox of the account with that address, where there is one that it is for.
 * It goes to the address as stored, whatever was typed (C22).
 *
 * @param mail.id where the same request may come twice
 * @returns whose account it is
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
 * Queues such a mail for the account with that address, unless one went there in the last 5
 * minutes.
 *
 * @returns whose account that is, null if there is none; undefined when another mail went before
 */
export async function queueClaimedMail(
  deps: Deps,
  { kind, emailKey }: { kind: RequestedMail; emailKey: string },
): Promise<{ user: Awaited<ReturnType<typeof queueMail>> } | undefined> {
  return await claimMail(deps, { kind, about: emailKey }, async (mayGo) =>
    mayGo ? { user: await queueMail(deps.users, { kind, emailKey }) } : undefined,
  )
}
