import type { MailKind } from 'mail-contract'
import { UnsendableMail } from '../../mail/mail-errors.ts'
import { paths } from '../../http/paths.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { LinkPurpose, LinkUser } from './link-purposes.ts'
import { signLink } from './signed-link.ts'

/** The links of an e-mail: the button, with its expiry, and "this was not me". */
export type MailLinks = { link?: { url: string; expiresAt: string }; notMeUrl?: string }

type Options = { publicUrl: URL; secrets: readonly string[]; now?: Date }

const places = {
  confirm: { path: paths.invite, parameter: 'confirmation' },
  reset: { path: paths.reset, parameter: 'token' },
  change_email: { path: paths.confirmEmail, parameter: 'token' },
} as const

type Button = keyof typeof places

/** The purpose of the button; null if an e-mail to a user has none. */
const buttonOfKind: Record<MailKind, Button | null> = {
  confirm: 'confirm',
  reset: 'reset',
  has_account: 'reset',
  // It is not about a user; `inviteLink` makes its link.
  invite: null,
  email_change: 'change_email',
  password_changed: null,
  email_changed: null,
  token_reuse: null,
  new_device: null,
  factors_changed: null,
}

/** E-mails to another address than the account's. All others have a `not_me` link. */
const notMeOfKind: Partial<Record<MailKind, LinkPurpose>> = {
  email_change: 'not_my_address',
  email_changed: 'restore_email',
}

/**
 * The links of an e-mail to a user, made when it is sent; always under PUBLIC_URL, never under a
 * request's host (C19). A button proves the account's address at that moment, so it goes only there:
 * after two changes, the mailbox of one address must not confirm the other.
 *
 * @param options.secrets MAIL_SECRETS
 * @throws UnsendableMail if the button is for an address other than the e-mail's
 */
export function linkFor(
  options: Options,
  { kind, to, data }: { kind: MailKind; to: string; data?: Record<string, string> },
  user: LinkUser,
): MailLinks {
  const button = buttonOfKind[kind]
  if (button && provenEmail(button, user) !== normalizeIdentity(to))
    throw new UnsendableMail(
      'The account has another address now, so the link is not for this one.',
    )
  return {
    ...(button && { link: buttonLink(options, button, user) }),
    // The mailbox that loses an account must not get it back through the e-mail that says so.
    ...(data?.change !== 'given_back' && { notMeUrl: notMeUrl(options, { kind, to }, user) }),
  }
}

/** The address that following the link proves. */
function provenEmail(button: Button, { email, pendingEmail }: LinkUser) {
  return button === 'change_email' ? pendingEmail?.emailKey : normalizeIdentity(email)
}

function buttonLink(options: Options, purpose: Button, user: LinkUser) {
  const { token, expiresAt } = signLink({ ...options, purpose, user })
  return { url: urlWith(options, places[purpose], token), expiresAt: expiresAt.toISOString() }
}

function notMeUrl(options: Options, mail: { kind: MailKind; to: string }, user: LinkUser): string {
  const purpose = notMeOfKind[mail.kind] ?? 'not_me'
  const carried = purpose === 'restore_email' ? mail.to : ''
  const { token } = signLink({ ...options, purpose, user, email: carried })
  return urlWith(options, { path: paths.notMe, parameter: 'token' }, token)
}

function urlWith(
  { publicUrl }: Options,
  { path, parameter }: { path: string; parameter: string },
  token: string,
): string {
  const url = new URL(path.slice(1), publicUrl)
  url.searchParams.set(parameter, token)
  return url.href
}
