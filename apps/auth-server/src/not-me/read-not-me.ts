import { invalidLink } from '../errors.ts'
import { userOfLink, type LinkDeps } from '../links/user-of-link.ts'
import type { VerifiedLink } from '../links/verify-link.ts'
import { Problem } from 'service-kit'
import type { User } from '../users/user.model.ts'
import { mayGiveBack } from './give-back-address.ts'

const purposes = ['not_me', 'not_my_address', 'restore_email'] as const

export type NotMeLink = VerifiedLink<User> & { purpose: (typeof purposes)[number] }

/**
 * Whom a "this was not me" is about, and from which mailbox.
 *
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function readNotMe(deps: LinkDeps, token: string): Promise<NotMeLink> {
  for (const purpose of purposes)
    try {
      // oxlint-disable-next-line no-await-in-loop
      const link = await userOfLink(deps, { token, purpose })
      if (purpose !== 'restore_email' || mayGiveBack(link)) return { purpose, ...link }
    } catch (error) {
      const isOther = error instanceof Problem && error.code === 'invalid_or_expired_token'
      if (!isOther) throw error
    }
  throw invalidLink(deps.config.contactUrl)
}
