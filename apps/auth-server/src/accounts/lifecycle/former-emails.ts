import { linkPurposes } from '../links/link-purposes.ts'
import type { User } from '../../users/user.model.ts'

type Given = Pick<User, 'emailKey' | 'formerEmails'>

/**
 * The former addresses of an account, oldest first, including the one that it changes from now.
 * Addresses whose "this was not me" links have expired are dropped.
 */
export function withFormerEmail({ emailKey, formerEmails = [] }: Given, now: Date) {
  const oldest = now.getTime() - linkPurposes.restore_email.lifetime * 1000
  const recent = formerEmails.filter(({ until }) => until.getTime() > oldest)
  return [...recent, { emailKey, until: now }]
}

/** The former addresses older than this one; undefined if this one is not a former address. */
export function formerEmailsBefore({ formerEmails = [] }: Given, emailKey: string) {
  const place = formerEmails.findIndex((former) => former.emailKey === emailKey)
  return place === -1 ? undefined : formerEmails.slice(0, place)
}
