import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { enrolTotp, pendingSignIn, unusedCode } from '../../../testing/factors.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { softwarePasskey } from '../../../testing/software-passkey.fixture.ts'
import { findUserById } from '../../users/find-user.ts'
import { signLink } from '../links/signed-link.ts'

const origin = 'http://localhost'
const newPassword = 'eight loud rivers part'
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ PUBLIC_URL: origin, LIMIT_SIGN_IN_PER_ADDRESS: '10000' })
})
afterAll(() => server.close())

const post = (path: string, cookie = '', body: object = {}) =>
  request(server.app).post(path).set('Cookie', cookie).send(body)

/** A user with everything there is to lose. */
async function userWithAll() {
  const { user, cookie } = await userSignedIn(server)
  const app = await enrolTotp(server, cookie)
  const passkey = softwarePasskey({ origin, rpId: 'localhost' })
  const { body } = await post('/account/passkeys/options', app.cookie).expect(200)
  await post('/account/passkeys', app.cookie, passkey.create(body)).expect(201)
  return { user, passkey, secret: app.secret, recoveryCodes: app.recoveryCodes }
}

type Owner = Awaited<ReturnType<typeof userWithAll>>
const things = ['password', 'mailbox', 'passkey', 'phone', 'recovery codes'] as const
type Thing = (typeof things)[number]

/** Every choice of things that are left. */
const choices = Array.from({ length: 2 ** things.length }, (_, choice) =>
  things.filter((_thing, at) => choice & (1 << at)),
)

/** Signs in with what is left, and tells the cookie. */
async function tryToEnter(owner: Owner, left: readonly Thing[]): Promise<string> {
  const { user, passkey, secret, recoveryCodes } = owner
  if (left.includes('passkey')) {
    const asked = await post('/login/passkey/options').expect(200)
    const answer = passkey.get(asked.body, user.id)
    return cookieOf(await post('/login/passkey', cookieOf(asked), answer).expect(200))
  }
  const known = left.includes('password') ? password : await resetByMail(owner, left)
  if (known === undefined) return ''
  const first = await request(server.app)
    .post('/login')
    .send({ username: user.username, password: known })
  expect(first.body.code).toBe('second_factor_required')
  const code = left.includes('phone')
    ? await unusedCode(server, user.id, secret)
    : left.includes('recovery codes')
      ? recoveryCodes[0]
      : undefined
  if (code === undefined) return cookieOf(first)
  return cookieOf(await post('/login/second', cookieOf(first), { code }).expect(200))
}

/** The mailbox is worth a new password. */
async function resetByMail({ user }: Owner, left: readonly Thing[]): Promise<string | undefined> {
  if (!left.includes('mailbox')) return undefined
  const stored = await findUserById(server.users, user.id)
  if (!stored) throw new Error('no such user')
  const secrets = server.config.mailSecrets
  const { token } = signLink({ purpose: 'reset', user: stored, secrets, now: new Date() })
  await post('/reset_password', '', { token, password: newPassword }).expect(200)
  return newPassword
}

describe('a user with two factors who has lost things', () => {
  it.each(choices.map((left) => [left.join(', ') || 'nothing', left] as const))(
    'R72 R75 R79 enters only with two factors: %s left (ASVS 6.4.3)',
    async (_name, left) => {
      const has = (thing: Thing) => left.includes(thing)
      const mayEnter =
        has('passkey') ||
        ((has('password') || has('mailbox')) && (has('phone') || has('recovery codes')))
      const cookie = await tryToEnter(await userWithAll(), left)
      expect(await sessionStatus(server, cookie)).toBe(mayEnter ? 200 : 401)
    },
  )

  it.each(['/login', '/login/second'])('R72 finds a way out on %s', async (path) => {
    const { user } = await userWithAll()
    const { cookie } = await pendingSignIn(server, user.username)
    const page = await request(server.app)
      .get(path)
      .set({ Cookie: cookie, Accept: 'text/html' })
      .expect(200)
    expect(page.text).toContain(`href="${server.config.contactUrl}"`)
  })
})
