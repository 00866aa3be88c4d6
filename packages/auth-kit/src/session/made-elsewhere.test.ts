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

describe('a session that something in front of the kit made', () => {
  it.each([
    ['a mock, say', {}],
    ['cookie-session, say', { isNew: true, isPopulated: false }],
  ])('is one clear error on every request, and never taken for ours: %s', async (_, made) => {
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
        message: expect.stringContaining('`req.session` exists already'),
      })
    }
    other.auth.close()
    await other.close()
  })
})
