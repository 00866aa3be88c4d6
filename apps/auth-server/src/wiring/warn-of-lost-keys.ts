import type { Logger } from 'service-kit'
import type { Clients } from '../oauth/clients/client.model.ts'
import { findLostKeys } from '../oauth/clients/find-lost-keys.ts'
import { createKeyring } from '../oauth/clients/keyring.ts'

/** Warns at startup about clients that get no tokens because their signing keys cannot be decrypted. */
export async function warnOfLostKeys({
  clients,
  keyEncryptionKeys,
  logger,
}: {
  clients: Clients
  keyEncryptionKeys: readonly string[]
  logger: Logger
}): Promise<void> {
  const lost = await findLostKeys({ clients, keyring: createKeyring(keyEncryptionKeys) })
  for (const { clientId, name } of lost)
    logger.warn(
      `${name} (${clientId}) gets no tokens: KEY_ENCRYPTION_KEY does not decrypt its signing keys. Restore the former value, or run: npm run cli -- keys rotate ${clientId} --now`,
    )
}
