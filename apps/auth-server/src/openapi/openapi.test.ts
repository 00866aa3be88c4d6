import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import request from 'supertest'
import { z } from 'zod'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { openApiPath } from './build-document.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const layers = z.array(
  z.looseObject({
    route: z
      .object({
        path: z.union([z.string(), z.array(z.string())]),
        methods: z.record(z.string(), z.boolean()),
      })
      .optional(),
    handle: z.unknown(),
  }),
)

/** Every `method path` of a router and the routers inside it. `_all` marks handlers for every method. */
function routesIn(router: unknown): string[] {
  if (typeof router !== 'function' || !('stack' in router)) return []
  return layers
    .parse(router.stack)
    .flatMap(({ route, handle }) =>
      route
        ? [route.path]
            .flat()
            .flatMap((path) => methodsOf(route).map((method) => `${method} ${path}`))
        : routesIn(handle),
    )
}

function methodsOf({ methods }: { methods: Record<string, boolean> }): string[] {
  return Object.keys(methods).filter((method) => method !== '_all')
}

async function described(): Promise<string[]> {
  const { body } = await request(server.app).get('/openapi.json').expect(200)
  return Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
}

function routesOf(app: Express): string[] {
  return [...new Set(routesIn(app.router))].map(openApiPath).toSorted()
}

describe('GET /openapi.json', () => {
  it('describes every route of the app, and no other', async () => {
    expect((await described()).toSorted()).toEqual(routesOf(server.bareApp))
  })

  it('is OpenAPI 3.1 with the public URL of the server', async () => {
    const { body } = await request(server.app).get('/openapi.json').expect(200)
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://127.0.0.1' }] })
  })

  it('names the required fields of a body, and every error by its code', async () => {
    const { body } = await request(server.app).get('/openapi.json').expect(200)
    const signUp = body.paths['/signup'].post
    const { schema } = signUp.requestBody.content['application/json']
    expect(schema.required).toEqual(['email', 'username', 'password'])
    expect(signUp.responses['409'].description).toContain('`username_taken`')
  })
})

describe('GET /api', () => {
  it('shows the same as a page', async () => {
    const { text } = await request(server.app).get('/api').set('Accept', 'text/html').expect(200)
    expect(text).toContain('/oauth/token')
  })

  it('does not exist in production', async () => {
    const secret = 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL'
    const strict = await startTestApp({
      NODE_ENV: 'production',
      REDIS_URL: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
      BCRYPT_COST: '10',
      SMTP_URL: 'smtp://127.0.0.1:1',
      SESSION_SECRETS: secret,
      MAIL_SECRETS: secret,
      KEY_ENCRYPTION_KEY: secret,
    })
    try {
      await request(strict.app).get('/api').expect(404)
    } finally {
      await strict.close()
    }
  })
})
