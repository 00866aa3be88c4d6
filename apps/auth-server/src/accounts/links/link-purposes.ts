import { normalizeIdentity } from '../../users/normalize-identity.ts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

/** What a link of a mail may be for. */
export type LinkPurpose =
  | 'confirm'
  | 'reset'
  | 'change_email'
  /** "This was not me", from the mailbox of the account. */
  | 'not_me'
  /** The same from the mailbox that an account would change to. */
  | 'not_my_address'
  /** The same from the mailbox that an account was changed away from. */
  | 'restore_email'

/** What links are signed over. */
export type LinkUser = {
  id: string
  email: string
  passwordHash: string
  pendingEmail: { emailKey: string } | null
  deletingAt: Date | null
}

type Purpose = {
  /** Seconds that a link is good for. */
  lifetime: number
  /** What using the link changes, so that a used link is done, and with it every other one. */
  state: (user: LinkUser) => string[]
}

/** How long the links for each purpose are good, and what they depend on. */
export const linkPurposes: Record<LinkPurpose, Purpose> = {
  // Not over `verifiedAt`: the same link again is fine, and then confirms nothing more.
  confirm: { lifetime: 3 * DAY, state: (user) => [emailKey(user)] },
  reset: { lifetime: 30 * MINUTE, state: (user) => [emailKey(user), user.passwordHash] },
  change_email: {
    lifetime: 3 * DAY,
    state: (user) => [emailKey(user), user.pendingEmail?.emailKey ?? ''],
  },
  not_me: { lifetime: 30 * DAY, state: (user) => [emailKey(user)] },
  not_my_address: {
    lifetime: 30 * DAY,
    state: (user) => [emailKey(user), user.pendingEmail?.emailKey ?? ''],
  },
  // It holds whatever became of the account since: its owner has to get a hand on it again. It
  // gives the account back to that mailbox. Not everybody keeps a mailbox for good, so it is good
  // for a week only, and only while the user's former addresses hold that one
  // (`give-back-address.ts`).
  restore_email: { lifetime: 7 * DAY, state: () => [] },
}

function emailKey({ email }: LinkUser): string {
  return normalizeIdentity(email)
}
