import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readPrivateFile, writePrivateFile } from 'service-kit'
import { z } from 'zod'
import { StartError } from './start-error.ts'

const schema = z.object({
  SESSION_SECRETS: z.string(),
  MAIL_SECRETS: z.string(),
  KEY_ENCRYPTION_KEY: z.string(),
})

type Secrets = z.output<typeof schema>

/**
 * The secrets of this installation, created at the first start and kept ever after.
 *
 * @throws StartError if their file is damaged
 */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json')
  const kept = await readKept(file)
  if (kept) return kept
  const secrets = {
    SESSION_SECRETS: newSecret(),
    MAIL_SECRETS: newSecret(),
    KEY_ENCRYPTION_KEY: newSecret(),
  }
  await writePrivateFile(file, secrets)
  return secrets
}

async function readKept(file: string): Promise<Secrets | undefined> {
  try {
    return schema.optional().parse(await readPrivateFile(file))
  } catch (cause) {
    const isOfFile = cause instanceof SyntaxError || cause instanceof z.ZodError
    if (!isOfFile) throw cause
    throw new StartError(damaged(file), { cause })
  }
}

function damaged(file: string): string {
  return [
    `${file} is damaged. Restore it from a backup if you have one. A start without it creates new secrets, and then:`,
    '  - every session ends, and every user has to sign in again;',
    '  - links in sent e-mails are void, and waiting e-mails are not sent;',
    '  - the signing keys of client sites cannot be decrypted, and refresh tokens are void: give each',
    '    client new keys with npm run cli -- keys rotate <client id> --now;',
    '  - with SERVICES=found the system starts with empty databases.',
    `To go on without it: rm ${file}`,
  ].join('\n')
}

/**
 * The name of this installation in shared servers. It stays the same as long as the secrets do.
 */
export function nameInstallation({ KEY_ENCRYPTION_KEY }: Secrets): string {
  return createHash('sha256').update(`installation ${KEY_ENCRYPTION_KEY}`).digest('hex').slice(0, 8)
}

function newSecret(): string {
  return randomBytes(48).toString('base64url')
}
