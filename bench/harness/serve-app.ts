// A process for one of the small apps: node serve-app.ts <name>, with PORT, REDIS_URL and PREFIX.
import { once } from 'node:events'
import { apps, isAppName } from '../apps/apps.ts'

const [name = ''] = process.argv.slice(2)
if (!isAppName(name)) throw new TypeError(`no such app: ${name}`)
const { PORT, REDIS_URL = '', PREFIX = '' } = process.env
const server = await apps[name]({ redisUrl: REDIS_URL, prefix: PREFIX })
server.listen(Number(PORT), '127.0.0.1')
await once(server, 'listening')
