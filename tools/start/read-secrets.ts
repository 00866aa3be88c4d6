import { randomBytes } from 'node:crypto'
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
 * The secrets of this installation: made at the first start, the same ones ever after.
 *
 * @throws StartError where their file is damaged
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
    throw new StartError(`${file} is damaged: remove it, and all sessions end.`, { cause })
  }
}

function newSecret(): string {
  return randomBytes(48).toString('base64url')
}
