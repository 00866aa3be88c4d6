import { describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { startUserService } from '../../../testing/user-service.fixture.ts'

const address = '/.well-known/change-password'

describe('GET /.well-known/change-password', () => {
  it.each(['/', '/auth/'])(
    'leads from the root of the origin to the form below BASE_PATH=%s',
    async (base) => {
      const server = await startTestApp({ BASE_PATH: base })
      const { headers } = await request(server.app).get(address).expect(303)
      expect(headers.location).toBe(`${base}change_password`)
      await request(server.app).get(`${base}.well-known/change-password`).expect(303)
      await server.close()
    },
  )

  it('is not there where a user service keeps the passwords', async () => {
    const service = await startUserService()
    const server = await startTestApp({
      USER_DIRECTORY_URL: service.url,
      USER_DIRECTORY_TOKEN: service.token,
    })
    await request(server.app).get(address).expect(404)
    await server.close()
    await service.close()
  })

  it('leads nobody to an address that is not there', async () => {
    const server = await startTestApp()
    // The standard's test of a site whose every address answers 200.
    const missing = 'resource-that-should-not-exist-whose-status-code-should-not-be-200'
    await request(server.app).get(`/.well-known/${missing}`).expect(404)
    await server.close()
  })
})
