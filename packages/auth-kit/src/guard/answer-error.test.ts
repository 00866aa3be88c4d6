import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { ErrorRequestHandler } from 'express'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { startTestApp } from '../test-app.fixture.ts'

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

it('a refusal after half an answer goes to the error handler of the app, unchanged', async () => {
  const seen: unknown[] = []
  const endAnswer: ErrorRequestHandler = (error, _req, res, _next) => {
    seen.push(error.code)
    res.end()
  }
  const app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes: (express, auth) => {
      express.get('/late', (_req, res, next) => {
        res.write('half')
        next()
      })
      express.get('/late', auth.loggedIn())
      express.use(endAnswer)
    },
  })
  const { status, text } = await app.send('GET', '/late')
  app.auth.close()
  await app.close()
  expect([status, text, seen]).toEqual([200, 'half', ['not_signed_in']])
})
