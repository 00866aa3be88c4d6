import { afterAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { password } from '../../../testing/auth-server.fixture.ts'
import { unusedCode, userWithTotp } from '../../../testing/factors.fixture.ts'
import { userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { startWithClients } from '../../../testing/token-clients.fixture.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

function signIn(username: string, code?: string) {
  const { id: client_id, secret: client_secret } = clients.app
  const body = { client_id, client_secret, username, password, ...(code && { code }) }
  return request(server.app).post('/login').send(body)
}

describe('POST /login from a first-party client', () => {
  it('R72 needs the code together with the password (no side door)', async () => {
    const { user, secret } = await userWithTotp(server)
    const refused = await signIn(user.username).expect(401)
    expect(refused.body).toMatchObject({
      code: 'second_factor_required',
      factors: ['totp', 'recovery_code'],
    })
    expect((await signIn(user.username, '000000').expect(401)).body.code).toBe('invalid_code')
    const { body } = await signIn(user.username, await unusedCode(server, user.id, secret)).expect(
      200,
    )
    expect(decodeJwt(body.access_token)).toMatchObject({
      acr: 'aal2',
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: expect.any(Number),
    })
  })

  it('R12 C18 counts wrong codes together with wrong passwords', async () => {
    const { user } = await userWithTotp(server)
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => signIn(user.username, '000000')),
    )
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'invalid_code')).toHaveLength(10)
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(20)
  })
})

describe('POST /tokens', () => {
  it('R74 puts the current authentication level into the token', async () => {
    const claimsOf = async (cookie: string) => {
      const asked = request(server.app).post('/tokens').set('Cookie', cookie)
      const { body } = await asked.send({ audience: clients.api.audience }).expect(200)
      return decodeJwt(body.access_token)
    }
    const { cookie } = await userSignedIn(server)
    expect(await claimsOf(cookie)).toMatchObject({ acr: 'aal1', amr: ['pwd'] })
    const strong = await userWithTotp(server)
    expect(await claimsOf(strong.cookie)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
  })
})
