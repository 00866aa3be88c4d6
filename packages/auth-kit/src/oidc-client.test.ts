import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import { makeKey, serve, startIssuer } from '../../../tools/testing/token-issuer.ts'
import { ALGORITHMS } from './access-token/algorithms.ts'
import { backchannelLogout, type LogoutNotice } from './oidc-client.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)))

let issuer: Awaited<ReturnType<typeof startIssuer>>
let site: Awaited<ReturnType<typeof serve>>
let ended: LogoutNotice[]
/** What the site's own `endSessions` throws. */
let fault: Error | undefined

beforeAll(async () => {
  issuer = await startIssuer(keys)
  const handler = backchannelLogout({
    issuer: issuer.issuer,
    clientId: 'shop',
    endSessions(notice) {
      if (fault) throw fault
      ended.push(notice)
    },
  })
  const app = express().disable('x-powered-by').set('env', 'test')
  app.post('/logout', handler)
  app.post('/parsed/logout', express.json(), express.urlencoded(), handler)
  site = await serve(app)
})
afterAll(() => Promise.all([issuer.stop(), site.stop()]))
beforeEach(() => {
  ended = []
  fault = undefined
})

type Change = NonNullable<Parameters<typeof issuer.sign>[0]>

/** A logout token as the auth server signs it, with changes. */
function logoutToken({ claims, header, ...rest }: Change = {}): Promise<string> {
  const usual = { aud: 'shop', client_id: undefined, scope: undefined, events: { [event]: {} } }
  return issuer.sign({
    claims: { ...usual, jti: 'logout-1', ...claims },
    header: { typ: 'logout+jwt', ...header },
    ...rest,
  })
}

function post(logout_token: string, path = '/logout') {
  return fetch(`${site.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token }),
  })
}

describe('backchannelLogout (OpenID Connect Back-Channel Logout 1.0)', () => {
  it.each(keys)('(R90) ends the sessions named by a notice signed with $alg', async (key) => {
    const answer = await post(await logoutToken({ key }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    expect(ended).toEqual([{ sid: 'family-1', sub: 'ada-1', jti: 'logout-1' }])
  })

  it('accepts a notice with only a user or only a sign-in', async () => {
    await post(await logoutToken({ claims: { sid: undefined } }))
    await post(await logoutToken({ claims: { sub: undefined } }))
    expect(ended.map(({ sid, sub }) => [sid, sub])).toEqual([
      [undefined, 'ada-1'],
      ['family-1', undefined],
    ])
  })

  it('works if the app has parsed the form already', async () => {
    expect((await post(await logoutToken(), '/parsed/logout')).status).toBe(200)
    expect(ended).toHaveLength(1)
  })

  it.each<[string, Change]>([
    ['for another site', { claims: { aud: 'other' } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['that has expired', { claims: { exp: 1_700_000_000 } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['without an issue time', { claims: { iat: undefined } }],
    ['without a jti', { claims: { jti: undefined } }],
    ['without a user and a sign-in', { claims: { sid: undefined, sub: undefined } }],
    ['whose sid is a list', { claims: { sid: ['family-1'] } }],
    ['without events', { claims: { events: undefined } }],
    ['of another event', { claims: { events: { 'https://example.com/other': {} } } }],
    ['whose event is not an object', { claims: { events: { [event]: [] } } }],
    ['with a nonce, like an id_token', { claims: { nonce: 'n' } }],
    ['of the type of an id_token', { header: { typ: 'JWT' } }],
    ['of the type of an access token', { header: { typ: 'at+jwt' } }],
    ['that names no key', { header: { kid: undefined } }],
    ['that names an unknown key', { header: { kid: 'other' } }],
  ])('(R90) refuses a notice %s', async (_name, change) => {
    const answer = await post(await logoutToken(change))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'invalid_logout_token',
      error: 'invalid_request',
    })
    expect(ended).toEqual([])
  })

  it('(R90) refuses a forged signature, an unsigned token and no token at all', async () => {
    const own = await makeKey('ES256', 'key-ES256')
    const unsigned = (await logoutToken()).split('.').with(2, '')
    const none = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')
    const tokens = [
      await logoutToken({ key: own }),
      unsigned.join('.'),
      unsigned.with(0, none).join('.'),
      'not a token',
      '',
    ]
    const answers = await Promise.all(tokens.map((token) => post(token)))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    const bodies = ['logout_token=a&logout_token=b', `logout_token=${'a'.repeat(20_000)}`, '']
    const others = await Promise.all(
      bodies.map((body) =>
        fetch(`${site.url}/logout`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body,
        }),
      ),
    )
    expect(others.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(ended).toEqual([])
  })

  it('answers 500 if the sessions could not be ended, so that the notice comes again', async () => {
    fault = new Error('the store is down')
    expect((await post(await logoutToken())).status).toBe(500)
    fault = undefined
    expect((await post(await logoutToken())).status).toBe(200)
  })

  it('answers 503 while the keys cannot be fetched', async () => {
    const down = await startIssuer(keys)
    const app = express().post(
      '/logout',
      backchannelLogout({ issuer: down.issuer, clientId: 'shop', endSessions: () => undefined }),
    )
    const other = await serve(app)
    const token = await down.sign({ header: { typ: 'logout+jwt' } })
    await down.stop()
    const body = new URLSearchParams({ logout_token: token })
    const answer = await fetch(`${other.url}/logout`, { method: 'POST', body })
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1'])
    await other.stop()
  })

  it('checks its options when the app starts', () => {
    const endSessions = () => undefined
    const good = { issuer: 'https://login.example.com', clientId: 'shop', endSessions }
    expect(() => backchannelLogout({ ...good, issuer: 'login' })).toThrow('issuer')
    expect(() => backchannelLogout({ ...good, clientId: '' })).toThrow('clientId')
    // @ts-expect-error it is required
    expect(() => backchannelLogout({ ...good, endSessions: undefined })).toThrow('endSessions')
  })
})
