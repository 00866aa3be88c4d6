// A process for one OAuth provider: node serve-provider.ts <name>, with PORT and MONGO_URL.
import { once } from 'node:events'
import { isProviderName, providers } from '../apps/providers.ts'

const [name = ''] = process.argv.slice(2)
if (!isProviderName(name)) throw new TypeError(`no such provider: ${name}`)
const { PORT, MONGO_URL = '' } = process.env
const server = await providers[name]({ mongoUrl: MONGO_URL })
server.listen(Number(PORT), '127.0.0.1')
await once(server, 'listening')
