import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ErrorRequestHandler } from 'express'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { startTestApp } from '../test-app.fixture.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({ ...services, publicUrl: 'http://localhost' })
})
afterAll(async () => {
  app.auth.close()
  await app.close()
  await services.close()
})

describe('a req.session set by earlier middleware', () => {
  it.each([
    ['a mock', {}],
    ['cookie-session', { isNew: true, isPopulated: false }],
  ])('causes a clear error on every request and is never used: %s', async (_, made) => {
    const other = await startTestApp({
      ...services,
      publicUrl: 'http://localhost',
      before: [
        (req, _res, next) => {
          Object.assign(req, { session: made })
          next()
        },
      ],
      routes(app) {
        const answer: ErrorRequestHandler = (error, _req, res, _next) =>
          void res.status(500).json({ name: error.name, message: error.message })
        app.use(answer)
      },
    })
    const cookie = await app.signIn()
    for (const path of ['/me', '/']) {
      const { status, text } = await other.send('GET', path, { cookie })
      expect(status).toBe(500)
      expect(JSON.parse(text)).toMatchObject({
        name: 'TypeError',
        message: expect.stringContaining('`req.session` already exists'),
      })
    }
    other.auth.close()
    await other.close()
  })
})
