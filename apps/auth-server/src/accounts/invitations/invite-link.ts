import { UnsendableMail } from '../../mail/mail-errors.ts'
import { paths } from '../../http/paths.ts'
import type { Invite } from './invite.model.ts'
import { hashToken, inviteToken } from './invite-token.ts'

type LinkConfig = { publicUrl: URL; secrets: readonly string[] }

/**
 * The link of an invite, derived again from the secret it was made with.
 *
 * @throws UnsendableMail if that secret is no longer among the secrets
 */
export function inviteLink(
  { publicUrl, secrets }: LinkConfig,
  { id, tokenHash, expiresAt }: Invite,
): { url: string; expiresAt: string } {
  const tokens = secrets.map((secret) => inviteToken(secret, id))
  const token = tokens.find((candidate) => hashToken(candidate) === tokenHash)
  if (token === undefined)
    throw new UnsendableMail('The secret of this invitation is no longer in MAIL_SECRETS.')
  return { url: inviteUrl(publicUrl, token), expiresAt: expiresAt.toISOString() }
}

/** The sign-up page for an invite, always under PUBLIC_URL, never under a request's host (C19). */
export function inviteUrl(publicUrl: URL, token: string): string {
  const url = new URL(paths.invite.slice(1), publicUrl)
  url.searchParams.set('token', token)
  return url.href
}
