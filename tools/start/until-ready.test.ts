import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { untilReady } from './until-ready.ts'

let server: Server
let down: string[] = []
let origin: string

// Answers like the auth server, ready or not.
beforeAll(async () => {
  server = createServer((_req, res) => {
    const state = (name: string) => [name, { status: down.includes(name) ? 'down' : 'ok' }]
    const dependencies = Object.fromEntries(['redis', 'mongo'].map(state))
    res.statusCode = down.length > 0 ? 503 : 200
    res.end(JSON.stringify({ dependencies }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => void server.close())

describe('npm start waits for the auth server', () => {
  it('until it is ready', async () => {
    down = []
    await untilReady(origin, 300)
  })

  it.each([
    [['redis'], 'cannot use redis.'],
    [['redis', 'mongo'], 'cannot use redis and mongo.'],
  ])('and says which dependencies it lacks: %j', async (lacking, words) => {
    down = lacking
    await expect(untilReady(origin, 300)).rejects.toThrow(`${origin} ${words}`)
  })

  it('and says that it does not answer', async () => {
    await expect(untilReady('http://127.0.0.1:1', 300)).rejects.toThrow('does not answer.')
  })
})
