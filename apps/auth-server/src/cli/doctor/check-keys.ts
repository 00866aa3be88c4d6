import { findLostKeys } from '../../oauth/clients/find-lost-keys.ts'
import { createKeyring } from '../../oauth/clients/keyring.ts'
import type { CliContext } from '../cli-context.ts'
import type { Finding } from './compare-servers.ts'

/** A failure for each client whose signing keys cannot be decrypted. */
export async function checkKeys(cli: CliContext): Promise<Finding[]> {
  const keyring = createKeyring(cli.config().keyEncryptionKeys)
  const lost = await findLostKeys({ ...(await cli.tokens()), keyring })
  return lost.map(({ clientId, name }) => ({
    kind: 'failure',
    what: 'signing keys',
    detail: `KEY_ENCRYPTION_KEY does not decrypt the keys of ${name} (${clientId}), which gets no tokens.`,
    advice: `Restore the previous KEY_ENCRYPTION_KEY, or run: npm run cli -- keys rotate ${clientId} --now`,
  }))
}
