import { invalidInput, Problem, unavailable } from 'service-kit'
import type { Config } from '../../config/config.ts'
import { inviteUsedOrExpired, usernameTaken } from '../../http/errors.ts'
import { findInvite, isOpen } from '../invitations/find-invite.ts'
import type { Invite, Invites } from '../invitations/invite.model.ts'
import { isNameTaken } from '../reservations/is-name-taken.ts'
import type { Reservations } from '../reservations/reservation.model.ts'
import { markInviteUsed } from '../invitations/mark-invite-used.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { insertUser } from '../../users/create-user.ts'
import { findUserByLogin } from '../../users/find-user.ts'
import { hashPassword } from '../../users/hashing/hash-password.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { Users } from '../../users/user.model.ts'
import { claimForOwner } from './claim-invite-for-owner.ts'
import type { SignUpLocks } from './sign-up-locks.ts'
import { withSignUpLock } from './with-sign-up-lock.ts'
import type { InvitedSignUp } from './sign-up-input.ts'

export type SignUpDeps = {
  users: Users
  invites: Invites
  reservations: Reservations
  config: Pick<Config, 'bcryptCost'>
  locks: SignUpLocks
}

/** The account of a sign-up, the invite it used, and whether the account is new. */
export type SignedUp = {
  user: { id: string; username: string }
  invite: { id: string }
  isNew: boolean
}

type NewNames = { username: string; email: string; passwordHash: string }

/**
 * Signs somebody up with an invite: the user, the claim on the invite and the e-mail to confirm the
 * address are one write. If the address already has an account, its owner gets an e-mail to reset the
 * password instead, and the invite is used, too; the answer does not reveal it (R9). Repeating a
 * sign-up with the same invite, address and name changes nothing.
 *
 * @returns null if this sign-up was already done
 * @throws Problem 410 `invite_used_or_expired`, 409 `username_taken`, 400 `invalid_input` if the
 *   invite is for another address
 */
export async function signUp(deps: SignUpDeps, input: InvitedSignUp): Promise<SignedUp | null> {
  const invite = await findInvite(deps.invites, input.invite)
  if (!invite) throw inviteUsedOrExpired()
  const claim = {
    invite: invite.id,
    username: normalizeIdentity(input.username),
    email: normalizeIdentity(input.email),
  }
  const isSettled = () => checkSettled(deps, invite, input)
  const work = () => useInvite(deps, invite, input)
  return await withSignUpLock({ locks: deps.locks, claim }, { isSettled, work })
}

/** Whether this very sign-up was already done. @throws Problem 410 if it can no longer be done */
async function checkSettled(
  deps: SignUpDeps,
  invite: Invite,
  input: InvitedSignUp,
): Promise<boolean> {
  if (await isDone(deps, invite, input)) return true
  if (await isOpen(deps.users, invite)) return false
  // Another server may have done it between these two checks.
  if (await isDone(deps, invite, input)) return true
  throw inviteUsedOrExpired()
}

async function useInvite(
  deps: SignUpDeps,
  invite: Invite,
  input: InvitedSignUp,
): Promise<SignedUp | null> {
  if (await checkSettled(deps, invite, input)) return null
  if (invite.email !== null && normalizeIdentity(invite.email) !== normalizeIdentity(input.email))
    throw invalidInput([{ field: 'email', message: 'This invitation is for another address.' }])
  try {
    return await claimInvite(deps, invite, input)
  } catch (error) {
    // Another server may have done this very sign-up a moment before.
    if (!(await isDone(deps, invite, input))) throw error
    return null
  }
}

/** Whether this sign-up was already done; the password is not compared. */
async function isDone(
  { users }: SignUpDeps,
  { id }: Invite,
  { username, email }: InvitedSignUp,
): Promise<boolean> {
  const emailKey = normalizeIdentity(email)
  const user = await users
    .findOne({ 'claimed.invite': { $eq: id }, emailKey: { $eq: emailKey } }, { claimed: 1 })
    .lean()
  const name = normalizeIdentity(username)
  return user?.claimed.some((claim) => claim.invite === id && claim.name === name) ?? false
}

const attempts = 3

async function claimInvite(
  { users, invites, reservations, config }: SignUpDeps,
  invite: Invite,
  { username, email, password }: InvitedSignUp,
): Promise<SignedUp> {
  if (await isNameTaken({ users, reservations }, { username, email })) throw usernameTaken()
  // Hashed even if the hash is not needed, so that the work is the same for any address (C25).
  const passwordHash = await hashPassword(password, config.bcryptCost)
  const names = { username, email, passwordHash }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const done = await claimOnce({ users, invites }, invite, names)
    if (done === null) continue
    // oxlint-disable-next-line no-await-in-loop
    await markInviteUsed(invites, { invite: invite.id, usedBy: done.user.id })
    return done
  }
  throw unavailable()
}

/** The account that has the invite now; null if another sign-up with this address came between. */
async function claimOnce(
  { users, invites }: Pick<SignUpDeps, 'users' | 'invites'>,
  { id }: Invite,
  names: NewNames,
): Promise<SignedUp | null> {
  const owner = await findUserByLogin(users, names.email)
  // The unique index is about to lose the owner's previous invite, so that one is marked as used. For
  // a new user the step does nothing, but takes the same work.
  await markInviteUsed(invites, { invite: owner?.invite ?? 'none', usedBy: owner?.id ?? 'none' })
  if (owner) {
    const claim = { invite: id, name: normalizeIdentity(names.username) }
    const isClaimed = await claimForOwner(users, owner, claim)
    return isClaimed ? { user: owner, invite: { id }, isNew: false } : null
  }
  return createInvited(users, id, names)
}

async function createInvited(users: Users, invite: string, names: NewNames) {
  const outbox = [mailEntry({ kind: 'confirm', to: names.email })]
  try {
    const user = { ...names, roles: [], verifiedAt: null, invite, outbox }
    return { user: await insertUser(users, user), invite: { id: invite }, isNew: true }
  } catch (error) {
    if (error instanceof Problem && error.code === 'email_taken') return null
    throw error
  }
}
