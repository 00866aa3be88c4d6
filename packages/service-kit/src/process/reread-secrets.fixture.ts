import { z } from 'zod'
import { readSettings } from '../settings/read-settings.ts'
import { secretList } from '../settings/setting-types.ts'
import { createLogger } from './create-logger.ts'
import { rereadSecrets } from './reread-secrets.ts'

// A process for the tests of rereadSecrets. It prints its secrets whenever a line arrives.
const schema = z.object({
  FIRST: secretList({ strict: false }),
  SECOND: secretList({ strict: false }).optional(),
})
const read = () => {
  const { FIRST, SECOND = ['made up'] } = readSettings(schema, process.env)
  return { FIRST, SECOND }
}
const inUse = read()
const logger = createLogger({ name: 'fixture', level: 'info', pretty: false })
rereadSecrets({ env: process.env, inUse, read, logger })
process.stdin.on('data', () => process.stdout.write(`${JSON.stringify({ inUse })}\n`))
process.stdout.write('ready\n')
