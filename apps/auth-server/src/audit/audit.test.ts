import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { inviteTokenIn } from '../../testing/invites.fixture.ts'
import { mailTo, notMeTokenIn, tokenIn } from '../../testing/mailed-links.fixture.ts'
import {
  addTestClients,
  codeFor,
  exchange,
  pairByPassword,
  pkce,
  refresh,
  type TestServer,
} from '../../testing/token-clients.fixture.ts'
import { auditEvents } from './audit-events.ts'

const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

const secretFields = new Set(['password', 'newPassword', 'token', 'invite', 'client_secret'])

let server: TestServer
let admin: { id: string; username: string; cookie: string }

beforeAll(async () => {
  server = await startTestApp({
    TRUST_PROXY: '1',
    METRICS_TOKEN: 'a token for metrics',
    LOG_LEVEL: 'info',
  })
  admin = await signedIn(['admin'])
})
afterAll(() => server.close())

async function signedIn(roles: string[] = []) {
  const { id, username, email } = await server.addUser({ roles })
  const answer = await post('/login', { username, password }).expect(200)
  return { id, username, email, cookie: cookieOf(answer) }
}

/** The secrets that people entered, which must not appear anywhere. */
const given = new Set<string>()

function post(path: string, body: object, cookie = '') {
  for (const [field, value] of Object.entries(body))
    if (secretFields.has(field) && value !== 'wrong') given.add(value)
  return request(server.app)
    .post(path)
    .set({ Cookie: cookie, 'X-Forwarded-For': '203.0.113.7', 'User-Agent': browser })
    .send(body)
}

const eventsOf = async (subjectId: string) =>
  (await server.audited({ subjectId })).map(({ event }) => event)

async function tokenFrom(email: string, kind: 'confirm' | 'reset'): Promise<string> {
  return tokenIn(await mailTo(server, { to: email, kind }))
}

describe('a business event', () => {
  it('is one record, one log line and one count that agree (R60)', async () => {
    const before = await counted('signed_in')
    const { id, username } = await signedIn()
    const [record, ...others] = await server.audited({ event: 'signed_in', subjectId: id })
    expect(others).toEqual([])
    expect(record).toMatchObject({
      outcome: 'success',
      actorId: id,
      actorName: username,
      subjectName: username,
      address: '203.0.113.7',
      network: '203.0.113.7',
      userAgent: browser,
    })
    const lines = server.log.filter((line) => line.includes('signed_in') && line.includes(id))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'signed_in',
      outcome: 'success',
      actor: id,
      subject: id,
      address: '203.0.113.7',
      request: expect.any(String),
      msg: 'Signed in',
    })
    expect(await counted('signed_in')).toBe(before + 1)
  })

  it('is counted from zero, so that its metric exists before it happens', async () => {
    for (const { name } of Object.values(auditEvents)) expect(await counted(name)).not.toBeNaN()
  })

  it('R60 says why a sign-in was refused, and for which account', async () => {
    const [known, unconfirmed] = [
      await server.addUser(),
      await server.addUser({ verifiedAt: null }),
    ]
    await post('/login', { username: known.username, password: 'wrong' }).expect(401)
    await post('/login', { username: unconfirmed.username, password }).expect(403)
    const reason = async (subjectId: string) =>
      (await server.audited({ event: 'sign_in_failed', subjectId })).map(({ details }) => details)
    expect(await reason(known.id)).toEqual([{ way: 'sign_in', reason: 'invalid_credentials' }])
    expect(await reason(unconfirmed.id)).toEqual([{ way: 'sign_in', reason: 'not_confirmed' }])
  })

  it('R61 holds nothing typed: the name field may contain a password', async () => {
    const typed = 'hunter2 hunter2 hunter2'
    await post('/login', { username: typed, password: `${typed}!` }).expect(401)
    await post('/login\nforged', { username: typed }).set('User-Agent', 'evil\tagent')
    const records = JSON.stringify(await server.audited())
    expect(records).not.toContain('hunter2')
    expect(server.log.join('')).not.toContain('hunter2')
  })
})

describe('the events of an account', () => {
  it('are recorded from sign-up to deletion', async () => {
    const invite = await post('/invites', {}, admin.cookie).expect(201)
    const token = inviteTokenIn(invite.body.url)
    const email = `${crypto.randomUUID()}@example.com`
    const person = { username: `p-${crypto.randomUUID().slice(0, 8)}`, email, password }
    await post('/signup', { invite: token, ...person }).expect(202)
    await post('/signup', { invite: token, ...person }).expect(202)
    await post('/signup', { invite: token, ...person, username: 'another-one' }).expect(410)
    await post('/confirm_account', { token: await tokenFrom(email, 'confirm') }).expect(200)
    await post('/forgot_password', { email }).expect(202)
    const changed = 'eight quiet rivers meet'
    const reset = { token: await tokenFrom(email, 'reset'), password: changed }
    await post('/reset_password', reset).expect(200)
    const login = await post('/login', { username: email, password: changed }).expect(200)
    const again = await post('/reauthenticate', { password: changed }, cookieOf(login)).expect(200)
    const third = 'nine quiet rivers meet'
    const change = { password: changed, newPassword: third }
    const kept = cookieOf(await post('/change_password', change, cookieOf(again)).expect(200))
    await post('/change_email', { password: 'wrong', newEmail: 'new@example.com' }, kept).expect(
      401,
    )
    await post('/change_email', { password: third, newEmail: `x-${email}` }, kept).expect(202)
    await post('/logout', {}, kept).expect(200)
    const last = cookieOf(await post('/login', { username: email, password: third }).expect(200))
    await post('/account/delete', { password: third }, last).expect(204)

    const [created] = await server.audited({
      event: 'account_created',
      subjectName: person.username,
    })
    expect(created?.details).toEqual({ invite: invite.body.id })
    expect(await eventsOf(created?.subjectId ?? '')).toEqual([
      'account_created',
      'account_confirmed',
      'mail_requested',
      'password_reset',
      'signed_in',
      'reauthenticated',
      'password_changed',
      'sign_in_failed',
      'email_change_asked',
      'signed_out',
      'signed_in',
      'account_deleted',
    ])
    expect(
      await server.audited({ event: 'invite_created', subjectId: invite.body.id }),
    ).toMatchObject([{ actorId: admin.id, actorName: admin.username }])
    expect((await server.audited({ event: 'sign_up_refused' })).at(-1)?.details).toEqual({
      reason: 'invite_used_or_expired',
    })
  })

  it('record a sign-up with a taken address and a “not me”', async () => {
    const { id, email } = await signedIn()
    const invite = await post('/invites', {}, admin.cookie).expect(201)
    const token = inviteTokenIn(invite.body.url)
    const person = { username: `p-${crypto.randomUUID().slice(0, 8)}`, email, password }
    await post('/signup', { invite: token, ...person }).expect(202)
    const mail = await mailTo(server, { to: email, kind: 'reset' })
    await post('/not_me', { token: notMeTokenIn(mail) }).expect(200)
    expect(await eventsOf(id)).toEqual(['signed_in', 'sign_up_for_owner', 'not_me_said'])
  })

  it('record that invites are created and revoked', async () => {
    const invite = await post('/invites', {}, admin.cookie).expect(201)
    await request(server.app)
      .delete(`/invites/${invite.body.id}`)
      .set('Cookie', admin.cookie)
      .expect(204)
    expect(await eventsOf(invite.body.id)).toEqual(['invite_created', 'invite_revoked'])
  })

  it('record that an address is blocked, but not the attempts refused afterwards', async () => {
    const from = '198.51.100.99'
    const guess = (username: string) =>
      post('/login', { username, password: 'wrong' }).set('X-Forwarded-For', from)
    for (let failure = 0; failure < 20; failure += 1) await guess(`nobody-${failure}`).expect(401)
    const before = (await server.audited()).length
    const limited = await counted('sign_in_limited')
    await guess('nobody').expect(429)
    expect(await server.audited()).toHaveLength(before)
    expect(await counted('sign_in_limited')).toBe(limited + 1)
    expect(await server.audited({ event: 'address_suspended' })).toMatchObject([
      { subjectId: from, outcome: 'failure', details: { failures: 20, times: 1 } },
    ])
  })
})

describe('the events of client sites', () => {
  it('record sign-ins by password and code, reuse of a code or token, and revocation', async () => {
    const { app, site } = await addTestClients(server)
    const { id, username, cookie } = await signedIn()
    const first = await pairByPassword(server, app, username)
    await post('/oauth/revoke', {
      client_id: app.id,
      client_secret: app.secret,
      token: first.refresh_token,
    }).expect(200)
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: site, cookie, challenge })
    const { body: pair } = await exchange(server, site, { code, verifier }).expect(200)
    const second = await refresh(server, site, pair.refresh_token).expect(200)
    await refresh(server, site, second.body.refresh_token).expect(200)
    await refresh(server, site, pair.refresh_token).expect(400)
    await exchange(server, site, { code, verifier }).expect(400)
    const records = await server.audited({ subjectId: id })
    expect(records.map(({ event, details }) => [event, details.client])).toEqual([
      ['signed_in', undefined],
      ['signed_in', 'App'],
      ['token_revoked', 'App'],
      ['tokens_given', 'Shop'],
      ['token_reused', 'Shop'],
      ['code_reused', 'Shop'],
    ])
  })

  it('R60 count and log a refused client without filling the database', async () => {
    const before = await counted('client_refused')
    const stranger = { client_id: 'nobody', client_secret: 'wrong' }
    await post('/refresh', { ...stranger, refresh_token: 'x' }).expect(401)
    await post('/login', { ...stranger, username: 'ada', password }).expect(401)
    expect(await counted('client_refused')).toBe(before + 2)
    expect(await server.audited({ event: 'client_refused' })).toEqual([])
  })
})

describe('the log and the audit log', () => {
  it('R61 hold no secret, token, hash or link used in this suite', async () => {
    const { app } = await addTestClients(server)
    const { username, email, cookie } = await signedIn()
    const pair = await pairByPassword(server, app, username)
    await refresh(server, app, pair.refresh_token).expect(200)
    await post('/forgot_password', { email }).expect(202)
    await tokenFrom(email, 'reset')
    const recorded = JSON.stringify(await server.audited()) + server.log.join('')
    const [, sessionId = ''] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? []
    const mailed = JSON.stringify(server.mails).match(/(?<=token=|confirmation=)[\w-]+/g) ?? []
    const secrets = [app.secret, pair.access_token, pair.refresh_token, sessionId]
    expect(Math.min(given.size, mailed.length, sessionId.length)).toBeGreaterThan(0)
    for (const secret of [...secrets, ...given, ...mailed]) expect(recorded).not.toContain(secret)
    expect(recorded).not.toMatch(/\$2[aby]\$|eyJ|token=/)
  })
})

/** The count of an event in the metric. */
async function counted(event: string): Promise<number> {
  const { text } = await request(server.app)
    .get('/metrics')
    .set('Authorization', 'Bearer a token for metrics')
    .expect(200)
  const found = new RegExp(`^auth_events_total\\{event="${event}",[^}]*\\} (\\d+)$`, 'm').exec(text)
  return Number(found?.[1])
}
