import { UnsendableMail } from '../../mail/mail-errors.ts'
import { paths } from '../../http/paths.ts'
import type { Invite } from './invite.model.ts'
import { hashToken, inviteToken } from './invite-token.ts'

type LinkConfig = { publicUrl: URL; secrets: readonly string[] }

/**
 * The link of an invite, made again from whichever of the secrets it was made with.
 *
 * @throws UnsendableMail when that secret is gone
 */
export function inviteLink(
  { publicUrl, secrets }: LinkConfig,
  { id, tokenHash, expiresAt }: Invite,
): { url: string; expiresAt: string } {
  const tokens = secrets.map((secret) => inviteToken(secret, id))
  const token = tokens.find((candidate) => hashToken(candidate) === tokenHash)
  if (token === undefined)
    throw new UnsendableMail('The secret that this invitation was made with is gone.')
  return { url: inviteUrl(publicUrl, token), expiresAt: expiresAt.toISOString() }
}

/** The sign-up page for an invite, under PUBLIC_URL whatever a request says its host is (C19). */
export function inviteUrl(publicUrl: URL, token: string): string {
  const url = new URL(paths.invite.slice(1), publicUrl)
  url.searchParams.set('token', token)
  return url.href
}
