import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { pendingSignIn, userWithTotp } from '../../../testing/factors.fixture.ts'
import { sessionStatus } from '../../../testing/signed-in.fixture.ts'
import { operations } from '../../openapi/operations.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
let user: Awaited<ReturnType<typeof userWithTotp>>['user']
beforeAll(async () => {
  const many = { LIMIT_SIGN_IN_PER_ADDRESS: '10000', LIMIT_SIGN_IN_PER_ACCOUNT: '10000' }
  server = await startTestApp({ ...many, SUSPEND_AFTER_FAILURES: '10000' })
  user = (await userWithTotp(server, { roles: ['admin'] })).user
})
afterAll(() => server.close())

/** Sends the password wherever there may be a field for it, from a browser that knows it. */
async function openWithPassword({
  method,
  path,
}: {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
}) {
  const { cookie } = await pendingSignIn(server, user.username)
  const { username, email } = user
  const body = { username, email, password, newPassword: 'eight loud rivers part', name: 'x' }
  const asked = request(server.app)[method](path.replaceAll(/:\w+/g, user.id)).set('Cookie', cookie)
  const answer = await asked.send(method === 'get' ? undefined : body)
  return { answer, cookie: cookieOf(answer) || cookie }
}

describe('every route, given the password alone of an account with a second factor', () => {
  it.each(operations.map(({ method, path, access }) => ({ method, path, access })))(
    'R72 $method $path signs nobody in and opens nothing',
    async (operation) => {
      const { answer, cookie } = await openWithPassword(operation)
      expect(await sessionStatus(server, cookie)).toBe(401)
      if (operation.access !== 'session' && operation.access !== 'admin') return
      // A sign-out is for visitors, too.
      const isRefused = answer.status >= 400 || operation.path === '/logout'
      expect([isRefused, answer.status]).toEqual([true, answer.status])
    },
  )
})
