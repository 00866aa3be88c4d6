import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { type OwnInstance, startOwnRedis } from '../../../../tools/services/own-instances.ts'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { signLink } from '../accounts/links/signed-link.ts'
import { findUserById } from '../users/find-user.ts'
import { sessionStatus, userSignedIn } from '../../testing/signed-in.fixture.ts'

const newPassword = 'another fine long passphrase'
const limits = { LIMIT_SIGN_IN_PER_ADDRESS: '100000', LIMIT_MAIL_PER_ADDRESS: '100000' }

let redis: OwnInstance
let server: Awaited<ReturnType<typeof startTestApp>>
let heldUp: Awaited<ReturnType<typeof startHeldUp>>
beforeAll(async () => {
  redis = await startOwnRedis()
  server = await startTestApp(limits, { redisUrl: redis.url })
  heldUp = await startHeldUp()
})
afterAll(async () => {
  await heldUp.close()
  await server.close()
  await redis.stop()
})

/** A second server on the same stores whose n-th Redis command can be delayed. */
async function startHeldUp() {
  const { config } = server
  const env = { ...limits, SESSION_SECRETS: config.sessionSecrets.join() }
  const beside = { ...server, config }
  const other = await startTestApp(env, { redisUrl: redis.url, beside })
  const sendCommand: unknown = Reflect.get(other.redis, 'sendCommand')
  if (typeof sendCommand !== 'function') throw new TypeError('ioredis has no sendCommand')
  const send = (args: unknown[]): unknown => Reflect.apply(sendCommand, other.redis, args)
  let commandsLeft = Number.POSITIVE_INFINITY
  let endIt = async (): Promise<unknown> => undefined
  let ending: Promise<unknown> | undefined
  let held: Promise<unknown> | undefined

  // Later commands wait behind a delayed one, so that transactions stay together.
  function countDown(...args: unknown[]): unknown {
    commandsLeft -= 1
    if (commandsLeft === 0) {
      ending = endIt()
      held = ending.finally(() => (held = undefined))
    }
    return held ? held.then(() => send(args)) : send(args)
  }
  Object.defineProperty(other.redis, 'sendCommand', { value: countDown })

  return {
    ...other,
    /** Runs `end` right before the n-th command from now; `isEnded` says whether there was one. */
    async endBefore(n: number, end: () => Promise<unknown>, act: () => request.Test) {
      ;[commandsLeft, endIt] = [n, end]
      const answer = await act()
      // A request may give up on Redis before the delay is over.
      await ending
      const isEnded = commandsLeft <= 0
      commandsLeft = Number.POSITIVE_INFINITY
      return { answer, isEnded }
    },
  }
}

function post(path: string, cookie: string, body: object = {}, { app } = server) {
  return request(app).post(path).set('Cookie', cookie).send(body)
}

/** The body that confirms a new e-mail address. */
async function confirmEmail({ id }: { id: string }) {
  const email = `${crypto.randomUUID().slice(0, 8)}@new.example`
  await server.users.updateOne({ _id: id }, { pendingEmail: { email, emailKey: email } })
  const user = await findUserById(server.users, id)
  if (!user) throw new Error('no such user')
  return signLink({ purpose: 'change_email', user, secrets: server.config.mailSecrets })
}

const renewals: { path: string; bodyFor: (user: { id: string }) => Promise<object> }[] = [
  { path: '/reauthenticate', bodyFor: async () => ({ password }) },
  { path: '/change_password', bodyFor: async () => ({ password, newPassword }) },
  { path: '/confirm_email', bodyFor: confirmEmail },
]

describe('a sign-out at any step of a request that renews the session', () => {
  it.each(renewals)(
    'R85 POST $path creates no session',
    async ({ path, bodyFor }) => {
      let steps = 0
      for (let isEnded = true; isEnded; steps += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const { user, cookie } = await userSignedIn(server)
        // oxlint-disable-next-line no-await-in-loop
        const body = await bodyFor(user)
        const end = async () => post('/logout', cookie).expect(200)
        const act = () => post(path, cookie, body, heldUp)
        // oxlint-disable-next-line no-await-in-loop
        const outcome = await heldUp.endBefore(steps + 1, end, act)
        ;({ isEnded } = outcome)
        const renewed = cookieOf(outcome.answer) || cookie
        // oxlint-disable-next-line no-await-in-loop
        const status = await sessionStatus(server, renewed)
        expect({ step: steps + 1, status }).toEqual({
          step: steps + 1,
          status: isEnded ? 401 : 200,
        })
      }
      expect(steps).toBeGreaterThan(10)
    },
    120_000,
  )
})
