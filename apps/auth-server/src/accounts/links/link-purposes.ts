import { normalizeIdentity } from '../../users/normalize-identity.ts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

/** What following a link in an e-mail does. */
export type LinkPurpose =
  | 'confirm'
  | 'reset'
  | 'change_email'
  /** "This was not me", sent to the address of the account. */
  | 'not_me'
  /** The same, sent to an address that an account is to change to. */
  | 'not_my_address'
  /** The same, sent to an address that an account was changed from. */
  | 'restore_email'

/** The fields of a user that links are signed over. */
export type LinkUser = {
  id: string
  email: string
  passwordHash: string
  pendingEmail: { emailKey: string } | null
  deletingAt: Date | null
}

type Purpose = {
  /** How long a link is valid, in seconds. */
  lifetime: number
  /** What using the link changes; that invalidates it and every other link of this purpose. */
  state: (user: LinkUser) => string[]
}

/** How long the links for each purpose are valid, and what they are signed over. */
export const linkPurposes: Record<LinkPurpose, Purpose> = {
  // Not over `verifiedAt`, because following the link again is fine and changes nothing.
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
  // Signed over no state: the owner must get the account back whatever has changed since. Because a
  // mailbox may change hands, it is valid for a week only, and only while the address is one of the
  // user's former addresses (`restore-address.ts`).
  restore_email: { lifetime: 7 * DAY, state: () => [] },
}

function emailKey({ email }: LinkUser): string {
  return normalizeIdentity(email)
}
