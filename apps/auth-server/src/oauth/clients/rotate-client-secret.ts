import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { secretsChanged } from '../../http/errors.ts'
import { makeClientSecret } from './client-secret.ts'
import type { Client, Clients } from './client.model.ts'

const HOUR_MS = 60 * 60 * 1000

/**
 * Gives a client a new secret, which is returned only here. The previous one stays valid for a while,
 * so that the client can switch without an outage. Older ones end.
 *
 * @param options.overlapHours how long the previous secret stays valid; 0 ends it at once
 * @throws Problem 409 `secrets_changed_meanwhile`
 */
export async function rotateClientSecret(
  { clients, audit }: { clients: Clients; audit: Audit },
  client: Client,
  { overlapHours = 24, from }: { overlapHours?: number; from: AuditSource },
): Promise<{ secret: string; previousEndsAt: Date }> {
  const { secret, stored } = makeClientSecret()
  const previousEndsAt = new Date(Date.now() + overlapHours * HOUR_MS)
  const [previous] = client.secrets
  const overlapping =
    previous && overlapHours > 0 ? [{ ...previous, expiresAt: previousEndsAt }] : []
  const { matchedCount } = await clients.updateOne(
    { _id: client.id, 'secrets.0.id': previous?.id },
    { $set: { secrets: [stored, ...overlapping] } },
  )
  if (matchedCount === 0) throw secretsChanged()
  audit.clientRotated(from, { client, what: 'secret' })
  return { secret, previousEndsAt }
}
