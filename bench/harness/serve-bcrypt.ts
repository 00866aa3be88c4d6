// A process that compares a password with a bcrypt hash for each request and does nothing else.
import { once } from 'node:events'
import { createServer } from 'node:http'
import bcrypt from 'bcrypt'
import { BCRYPT_COST, PASSWORD } from './start-auth-server.ts'

const hash = await bcrypt.hash(PASSWORD, BCRYPT_COST)
const server = createServer((_req, res) => {
  bcrypt.compare(PASSWORD, hash).then(
    (isRight) => res.writeHead(isRight ? 204 : 500).end(),
    () => res.writeHead(500).end(),
  )
})
server.listen(Number(process.env.PORT), '127.0.0.1')
await once(server, 'listening')
