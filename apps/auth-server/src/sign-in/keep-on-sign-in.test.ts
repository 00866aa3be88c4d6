import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { authKit } from 'auth-kit'
import express from 'express'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'

declare module 'express-session' {
  interface SessionData {
    basket?: string[]
    campaign?: string
  }
}

let keeping: Awaited<ReturnType<typeof startTestApp>>
let plain: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  keeping = await startTestApp({ KEEP_ON_SIGN_IN: 'basket' })
  plain = await startTestApp()
})
afterAll(() => Promise.all([keeping.close(), plain.close()]))

/** A product server that shares the sessions. */
function productOf({ redis, keyPrefix, config }: typeof keeping) {
  const app = express()
  const { sessionSecrets: secrets, publicUrl } = config
  app.use(authKit({ redis, secrets, publicUrl, prefix: `${keyPrefix}sess:` }))
  app.post('/basket', (req, res) => {
    Object.assign(req.session, { basket: ['saw'], campaign: 'spring' })
    res.end()
  })
  app.get('/basket', ({ user, session: { basket, campaign } }, res) => {
    res.json({ username: user?.username, basket, campaign })
  })
  return app
}

/** The content of the session after a visitor with a basket signs in. */
async function afterSignIn(server: typeof keeping) {
  const product = productOf(server)
  const { username } = await server.addUser()
  const visitor = cookieOf(await request(product).post('/basket'))
  const answer = await request(server.app)
    .post('/login')
    .set('Cookie', visitor)
    .send({ username, password })
  const { body } = await request(product).get('/basket').set('Cookie', cookieOf(answer))
  return { username, body }
}

describe('KEEP_ON_SIGN_IN', () => {
  it('R22 keeps only the named fields of a visitor’s session at sign-in', async () => {
    const { username, body } = await afterSignIn(keeping)
    expect(body).toEqual({ username, basket: ['saw'] })
  })

  it('R22 keeps nothing by default', async () => {
    const { username, body } = await afterSignIn(plain)
    expect(body).toEqual({ username })
  })
})
