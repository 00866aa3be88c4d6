import { createHash } from 'node:crypto'
import { invalidLink } from '../../http/errors.ts'
import type { LinkDeps } from '../links/user-of-link.ts'
import { type VerifiedLink, verifyLink } from '../links/signed-link.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User } from '../../users/user.model.ts'
import { mayGiveBack } from './restore-address.ts'

const purposes = ['not_me', 'not_my_address', 'restore_email'] as const

type NotMeLink = VerifiedLink<User> & {
  purpose: (typeof purposes)[number]
  /** Digest of the link, which is stored once it is used. */
  link: string
}

/**
 * Reads a "this was not me" link: the user it is about and the purpose, which tells whose mailbox
 * received it. A token is valid for one purpose only.
 *
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function readNotMe({ users, config }: LinkDeps, token: string): Promise<NotMeLink> {
  let found: Promise<User | null> | undefined
  const findUser = (id: string) => (found ??= findUserById(users, id))
  const secrets = config.mailSecrets
  const links = await Promise.all(
    purposes.map(async (purpose) => {
      const link = await verifyLink({ token, purpose, findUser, secrets })
      return link && { purpose, ...link }
    }),
  )
  const link = links.find((verified) => verified !== null)
  const digest = createHash('sha256').update(token).digest('base64url')
  const isUsed = link?.user.usedLinks?.includes(digest)
  if (!link || isUsed || (link.purpose === 'restore_email' && !mayGiveBack(link)))
    throw invalidLink(config.contactUrl)
  return { ...link, link: digest }
}

/**
 * Whether an account was signed up for and never confirmed, so that there is nothing to keep. Accounts
 * that were imported or created by an operator do not count, because nobody signed up for them.
 */
export function isOnlySignedUp({ verifiedAt, claimed }: User): boolean {
  return verifiedAt === null && claimed.length > 0
}
