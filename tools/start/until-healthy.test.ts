import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { untilHealthy } from './until-healthy.ts'

let server: Server
let down: string[] = []
let origin: string
let workerPort: number

// Each of the three, as the real ones answer: alive, and ready or not.
beforeAll(async () => {
  server = createServer((req, res) => {
    const state = (name: string) => [name, { status: down.includes(name) ? 'down' : 'ok' }]
    const dependencies = Object.fromEntries(['redis', 'mongo'].map(state))
    res.statusCode = req.url === '/readyz' && down.length > 0 ? 503 : 200
    res.end(JSON.stringify({ dependencies }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  workerPort = typeof address === 'object' && address ? address.port : 0
  origin = `http://127.0.0.1:${workerPort}`
})
afterAll(() => void server.close())

const wait = (authServer = origin) =>
  untilHealthy({ authServer, productServer: origin, workerPort }, 300)

describe('npm start waits for its servers', () => {
  it('until they answer and the auth server is ready', async () => {
    down = []
    await wait()
  })

  it.each([
    [['redis'], 'cannot use redis.'],
    [['redis', 'mongo'], 'cannot use redis and mongo.'],
  ])('and says what the auth server lacks: %j', async (lacking, words) => {
    down = lacking
    await expect(wait()).rejects.toThrow(`${origin} ${words}`)
  })

  it('and says which one does not answer', async () => {
    down = []
    await expect(wait('http://127.0.0.1:1')).rejects.toThrow('http://127.0.0.1:1 does not answer.')
  })
})
