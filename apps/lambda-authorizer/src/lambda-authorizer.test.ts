import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Metafile } from 'esbuild'
import {
  arnOf,
  httpEvent,
  restRequestEvent,
  restTokenEvent,
} from '../../../tools/testing/authorizer-events.ts'
import { AUDIENCE, makeKey, startIssuer } from '../../../tools/testing/token-issuer.ts'
import { bundleAuthorizer } from './bundle-authorizer.ts'
import { readConfig } from './config.ts'
import { startLambda } from './lambda.fixture.ts'

const ROUTES = JSON.stringify([{ scope: 'orders:read', method: 'GET', path: '/orders*' }])
const keys = [await makeKey('RS256', 'first'), await makeKey('EdDSA', 'second')]

let folder: string
let metafile: Metafile
let issuer: Awaited<ReturnType<typeof startIssuer>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authorizer-'))
  metafile = await bundleAuthorizer(folder)
  issuer = await startIssuer(keys)
})
afterAll(async () => {
  await issuer.stop()
  await rm(folder, { recursive: true })
})

describe('the bundle', () => {
  it('is smaller than 100 kB', async () => {
    expect((await stat(join(folder, 'main.mjs'))).size).toBeLessThan(100_000)
  })

  it('contains only auth-kit and jose, no server packages', () => {
    const inputs = Object.keys(metafile.inputs).map((file) => file.replaceAll('\\', '/'))
    expect(inputs.some((file) => file.includes('/jose/'))).toBe(true)
    const others = inputs.filter(
      (file) =>
        !/packages\/auth-kit\/src\/|apps\/lambda-authorizer\/src\/|\/node_modules\/jose\//.test(
          file,
        ),
    )
    expect(others).toEqual([])
    expect(inputs.filter((file) => /express|ioredis|redis|passport|mongoose/.test(file))).toEqual(
      [],
    )
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    expect(imports.map(({ path }) => path).filter((path) => !path.startsWith('node:'))).toEqual([])
  })
})

describe('the Lambda function', () => {
  const settings = () => ({ ISSUER: issuer.issuer, AUDIENCE, ROUTES })

  it.each([
    ['REST API, TOKEN', restTokenEvent, 'prod'],
    ['REST API, REQUEST', restRequestEvent, 'prod'],
    ['HTTP API, IAM answers', httpEvent, '$default'],
  ] as const)('answers a %s with a policy', async (_, event, stage) => {
    const lambda = await startLambda({ folder, env: settings() })
    for (const key of keys) {
      const token = await issuer.sign({ key })
      expect(await lambda.invoke(event({ token }))).toMatchObject({
        answer: {
          principalId: 'ada-1',
          policyDocument: {
            Statement: [
              { Effect: 'Allow', Resource: [arnOf('GET', '/orders*', stage)] },
              { Effect: 'Deny' },
            ],
          },
          context: { sub: 'ada-1', scope: 'orders:read orders:write', client: 'shop' },
        },
      })
    }
    await lambda.stop()
  })

  it('gives an HTTP API simple answers with ANSWERS=simple', async () => {
    const lambda = await startLambda({ folder, env: { ...settings(), ANSWERS: 'simple' } })
    const token = await issuer.sign()
    expect(await lambda.invoke(httpEvent({ token }))).toMatchObject({
      answer: { isAuthorized: true },
    })
    expect(await lambda.invoke(httpEvent({ token, path: '/admin' }))).toMatchObject({
      answer: { isAuthorized: false },
    })
    expect(await lambda.invoke(httpEvent({ token: `${token}x` }))).toEqual({
      answer: { isAuthorized: false },
    })
    await lambda.stop()
  })

  it('lets a valid token call the whole stage without ROUTES', async () => {
    const lambda = await startLambda({ folder, env: { ISSUER: issuer.issuer, AUDIENCE } })
    const token = await issuer.sign()
    expect(await lambda.invoke(restTokenEvent({ token }))).toMatchObject({
      answer: { policyDocument: { Statement: [{ Effect: 'Allow', Resource: [arnOf('*', '')] }] } },
    })
    await lambda.stop()
  })

  it('fails with the message that a REST API turns into 401', async () => {
    const lambda = await startLambda({ folder, env: settings() })
    for (const event of [restTokenEvent({}), restRequestEvent({ token: 'a.b.c' })]) {
      expect(await lambda.invoke(event)).toMatchObject({ error: { errorMessage: 'Unauthorized' } })
    }
    await lambda.stop()
  })

  it('fetches the keys once, and works warm while the auth server is down (F18)', async () => {
    const own = await startIssuer(keys)
    const lambda = await startLambda({ folder, env: { ...settings(), ISSUER: own.issuer } })
    const ask = async () => lambda.invoke(restTokenEvent({ token: await own.sign() }))
    for (let call = 0; call < 5; call += 1) expect(await ask()).toHaveProperty('answer')
    expect(own.asked()).toBe(1)
    await own.stop()
    expect(await ask()).toHaveProperty('answer')
    await lambda.stop()
  })

  it('needs no network if the keys are in its package', async () => {
    await writeFile(join(folder, 'jwks.json'), JSON.stringify(issuer.jwks()))
    const env = {
      ...settings(),
      ISSUER: 'https://login.invalid',
      JWKS_FILE: join(folder, 'jwks.json'),
    }
    const lambda = await startLambda({ folder, env })
    const token = await issuer.sign({ claims: { iss: 'https://login.invalid' } })
    expect(await lambda.invoke(restTokenEvent({ token }))).toHaveProperty('answer')
    await lambda.stop()
  })

  it('does not start without a required setting, and names it', async () => {
    const lambda = await startLambda({ folder, env: { ISSUER: issuer.issuer, ROUTES } })
    expect(await lambda.failure).toMatchObject({ error: { errorMessage: 'AUDIENCE is not set' } })
    await lambda.stop()
  })
})

describe('readConfig', () => {
  const good = { ISSUER: 'https://login.example/', AUDIENCE, ROUTES }

  it('takes the keys from the issuer unless JWKS or JWKS_URL is set', () => {
    const config = readConfig(good)
    expect(config.issuer).toBe('https://login.example')
    expect(config.jwks).toBe('https://login.example/.well-known/jwks.json')
    const JWKS_URL = 'https://keys.example/set'
    expect(readConfig({ ...good, JWKS_URL }).jwks).toBe(JWKS_URL)
    const JWKS = JSON.stringify(issuer.jwks())
    expect(readConfig({ ...good, JWKS, JWKS_URL }).jwks).toEqual(issuer.jwks())
  })

  it('opens everything if ROUTES is not set at all', () => {
    expect(readConfig({ ...good, ROUTES: undefined }).routes).toBeUndefined()
  })

  it.each([
    [{ ISSUER: '' }, 'ISSUER is not set'],
    [{ ROUTES: '' }, 'ROUTES is not JSON'],
    [{ ROUTES: undefined, ROUTES_FILE: '/dev/null' }, 'ROUTES is not JSON'],
    [{ ROUTES: 'GET /orders' }, 'ROUTES is not JSON'],
    [{ JWKS: '{' }, 'JWKS is not JSON'],
    [{ ANSWERS: 'Simple' }, 'ANSWERS must be iam or simple'],
  ])('refuses %j: %s', (wrong, message) => {
    expect(() => readConfig({ ...good, ...wrong })).toThrow(message)
  })
})
