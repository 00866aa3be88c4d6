import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'
import { writePrivately } from './write-privately.ts'

// A file of an earlier version holds fewer.
const schema = z
  .object({ SESSION_SECRETS: z.string(), MAIL_SECRETS: z.string(), KEY_ENCRYPTION_KEY: z.string() })
  .partial()

type Secrets = Required<z.output<typeof schema>>

/** The secrets of this installation: made at the first start, the same ones ever after. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json')
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const known = kept === undefined ? {} : parse(kept, file)
  const secrets = {
    SESSION_SECRETS: known.SESSION_SECRETS ?? newSecret(),
    MAIL_SECRETS: known.MAIL_SECRETS ?? newSecret(),
    KEY_ENCRYPTION_KEY: known.KEY_ENCRYPTION_KEY ?? newSecret(),
  }
  if (Object.keys(known).length < Object.keys(secrets).length) await writePrivately(file, secrets)
  return secrets
}

function newSecret(): string {
  return randomBytes(48).toString('base64url')
}

function parse(text: string, file: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new StartError(`${file} is damaged: remove it, and all sessions end.`, { cause })
  }
}
