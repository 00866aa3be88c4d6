import { randomUUID } from 'node:crypto'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Config } from '../../config/config.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { Invites } from './invite.model.ts'
import { inviteUrl } from './invite-link.ts'
import { hashToken, inviteToken } from './invite-token.ts'

/** How many days an invite is valid by default. */
export const INVITE_DAYS = 7

const DAY_MS = 24 * 60 * 60 * 1000

type Deps = {
  invites: Invites
  audit: Audit
  config: Pick<Config, 'mailSecrets' | 'publicUrl'>
}

type NewInvite = {
  /** Limits the invite to this address and sends an e-mail there. */
  email?: string | undefined
  expiresInDays?: number | undefined
  /** The request it is made in; its user becomes the creator. */
  from: AuditSource
}

/** Creates an invite, in one write with its e-mail. The link is shown only here. */
export async function createInvite(
  { invites, audit, config: { mailSecrets, publicUrl } }: Deps,
  { email, expiresInDays = INVITE_DAYS, from }: NewInvite,
): Promise<{ id: string; url: string; expiresAt: Date }> {
  const [secret] = mailSecrets
  if (secret === undefined) throw new TypeError('createInvite needs MAIL_SECRETS')
  const id = randomUUID()
  const token = inviteToken(secret, id)
  const createdAt = new Date()
  const expiresAt = new Date(createdAt.getTime() + expiresInDays * DAY_MS)
  await invites.create({
    _id: id,
    tokenHash: hashToken(token),
    email: email ?? null,
    expiresAt,
    createdAt,
    createdBy: from?.user?.id ?? null,
    outbox: email === undefined ? [] : [mailEntry({ kind: 'invite', to: email })],
  })
  audit.inviteCreated(from, { invite: { id, email: email ?? null } })
  return { id, url: inviteUrl(publicUrl, token), expiresAt }
}
