import { linkPurposes } from '../links/link-purposes.ts'
import type { User } from '../../users/user.model.ts'

type Given = Pick<User, 'emailKey' | 'formerEmails'>

/**
 * The addresses that an account was changed away from, the earliest first, with the one that it is
 * changed away from now. Those whose links to give them back have expired are forgotten.
 */
export function withFormerEmail({ emailKey, formerEmails = [] }: Given, now: Date) {
  const oldest = now.getTime() - linkPurposes.restore_email.lifetime * 1000
  const recent = formerEmails.filter(({ until }) => until.getTime() > oldest)
  return [...recent, { emailKey, until: now }]
}

/** The addresses the account had before this one; undefined if it never had this one. */
export function formerEmailsBefore({ formerEmails = [] }: Given, emailKey: string) {
  const place = formerEmails.findIndex((former) => former.emailKey === emailKey)
  return place === -1 ? undefined : formerEmails.slice(0, place)
}
