import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'
import { writePrivately } from './write-privately.ts'

const schema = z.object({ SESSION_SECRETS: z.string() })

/** The secrets of this installation: made at the first start, the same ones ever after. */
export async function readSecrets(dataDir: string): Promise<z.output<typeof schema>> {
  const file = join(dataDir, 'secrets.json')
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept !== undefined) return parse(kept, file)
  const secrets = { SESSION_SECRETS: randomBytes(48).toString('base64url') }
  await writePrivately(file, secrets)
  return secrets
}

function parse(text: string, file: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new StartError(`${file} is damaged: remove it, and all sessions end.`, { cause })
  }
}
