import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { authKit } from 'auth-kit'
import express from 'express'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../testing/signed-in.fixture.ts'

const ROUNDS = 30
const newPassword = 'another fine long passphrase'

let server: Awaited<ReturnType<typeof startTestApp>>
let product: express.Express
beforeAll(async () => {
  const many = '100000'
  server = await startTestApp({
    KEEP_ON_SIGN_IN: 'note',
    LIMIT_SIGN_IN_PER_ADDRESS: many,
    LIMIT_MAIL_PER_ADDRESS: many,
  })
  product = productOf(server)
})
afterAll(() => server.close())

/** A product server over the same sessions, where people leave a note. */
function productOf({ redis, keyPrefix, config }: typeof server) {
  const { sessionSecrets: secrets, publicUrl } = config
  const app = express()
  app.use(authKit({ redis, secrets, publicUrl, prefix: `${keyPrefix}sess:` }))
  app.post('/note/:text', (req, res) => {
    Object.assign(req.session, { note: req.params.text })
    res.json({})
  })
  app.get('/note', (req, res) => {
    res.json({ username: req.user?.username, note: Reflect.get(req.session, 'note') })
  })
  return app
}

const leaveNote = (text: string, cookie: string) =>
  request(product).post(`/note/${text}`).set('Cookie', cookie)

async function visitor() {
  const { username } = await server.addUser()
  return { username, cookie: cookieOf(await leaveNote('first', '')) }
}

async function signedIn() {
  const { user, cookie } = await userSignedIn(server)
  await leaveNote('first', cookie)
  return { username: user.username, cookie }
}

const changes = [
  {
    path: '/login',
    begin: visitor,
    bodyFor: (username: string) => ({ username, password }),
  },
  { path: '/reauthenticate', begin: signedIn, bodyFor: () => ({ password }) },
  { path: '/change_password', begin: signedIn, bodyFor: () => ({ password, newPassword }) },
]

describe('a write to the session beside a request that gives it a new id', () => {
  it.each(changes)(
    'R88 POST $path keeps it or has it answered 409',
    async ({ path, begin, bodyFor }) => {
      const outcomes = []
      for (let round = 0; round < ROUNDS; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const { username, cookie } = await begin()
        const changing = request(server.app).post(path).set('Cookie', cookie)
        const renewing = changing.send(bodyFor(username)).then((answer) => answer)
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((resolve) => setTimeout(resolve, round % 15))
        // oxlint-disable-next-line no-await-in-loop
        const [renewed, written] = await Promise.all([renewing, leaveNote('second', cookie)])
        // oxlint-disable-next-line no-await-in-loop
        const { body } = await request(product).get('/note').set('Cookie', cookieOf(renewed))
        // A write that found the session ended began another one.
        if (!['', cookie].includes(cookieOf(written))) continue
        outcomes.push({ written: written.status, ...body, isTheirs: body.username === username })
      }
      for (const { written, note, isTheirs } of outcomes) {
        expect({ written, note, isTheirs }).toEqual(
          written === 200
            ? { written, note: 'second', isTheirs: true }
            : { written: 409, note: 'first', isTheirs: true },
        )
      }
      expect(outcomes.some(({ written }) => written === 200)).toBe(true)
    },
    60_000,
  )
})
