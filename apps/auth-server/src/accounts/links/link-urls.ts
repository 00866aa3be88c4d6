import type { MailKind } from 'mail-contract'
import { UnsendableMail } from '../../mail/mail-errors.ts'
import { paths } from '../../http/paths.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { LinkPurpose, LinkUser } from './link-purposes.ts'
import { signLink } from './signed-link.ts'

/** The links of one mail: its button's, with the moment it ends, and "this was not me". */
export type MailLinks = { link?: { url: string; expiresAt: string }; notMeUrl?: string }

type Options = { publicUrl: URL; secrets: readonly string[]; now?: Date }

const places = {
  confirm: { path: paths.invite, parameter: 'confirmation' },
  reset: { path: paths.reset, parameter: 'token' },
  change_email: { path: paths.confirmEmail, parameter: 'token' },
} as const

type Button = keyof typeof places

/** What following the button does; null if a mail to a user has none. */
const buttonOfKind: Record<MailKind, Button | null> = {
  confirm: 'confirm',
  reset: 'reset',
  // It goes to no user: its link is `inviteLink`.
  invite: null,
  email_change: 'change_email',
  password_changed: null,
  email_changed: null,
  token_reuse: null,
  new_device: null,
  factors_changed: null,
}

/** The mails that go to another mailbox than the account's; of all others it is `not_me`. */
const notMeOfKind: Partial<Record<MailKind, LinkPurpose>> = {
  email_change: 'not_my_address',
  email_changed: 'restore_email',
}

/**
 * The links of a mail to a user, made when it is sent: under PUBLIC_URL, whatever any request said
 * its host was (C19). The button acts for an address as it is then, so it goes to that one alone:
 * somebody who asked for two does not confirm the one from the mailbox of the other.
 *
 * @param options.secrets MAIL_SECRETS
 * @throws UnsendableMail if the button is for another address than the mail's
 */
export function linkFor(
  options: Options,
  { kind, to, data }: { kind: MailKind; to: string; data?: Record<string, string> },
  user: LinkUser,
): MailLinks {
  const button = buttonOfKind[kind]
  if (button && provenEmail(button, user) !== normalizeIdentity(to))
    throw new UnsendableMail(
      'The account has another address by now: its link is not for this one.',
    )
  return {
    ...(button && { link: buttonLink(options, button, user) }),
    // Whoever has to give an address back does not get it again by the mail that says so.
    ...(data?.change !== 'given_back' && { notMeUrl: notMeUrl(options, { kind, to }, user) }),
  }
}

/** The e-mail address that following the link proves. */
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
