import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, mailTo } from '../../../testing/mailed-links.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'
import { freshAddress } from '../../../testing/blocked-address.fixture.ts'
import {
  addTestClients,
  refresh,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'
const few = { SUSPEND_AFTER_FAILURES: '4', LIMIT_SIGN_IN_PER_ACCOUNT: '3' }

let server: TestServer
let app: TestClient
let other: TestClient
beforeAll(async () => {
  server = await startTestApp({ ...few, TRUST_PROXY: '1', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
  app = (await addTestClients(server)).app
  other = (await addTestClients(server)).app
})
afterAll(() => server.close())

type Given = { username: string; password?: string; end_user_address?: string }

function signIn({ id, secret }: TestClient, given: Given) {
  const client = { client_id: id, client_secret: secret, end_user_agent: agent }
  return request(server.app)
    .post('/login')
    .send({ password, ...client, ...given })
}

async function guess(client: TestClient, given: Given): Promise<number> {
  return (await signIn(client, { password: 'not the password', ...given })).status
}

/** Guesses once for each of several names, from one address. */
async function spray(client: TestClient, end_user_address: string, names: number) {
  const statuses: number[] = []
  for (let name = 0; name < names; name += 1)
    // oxlint-disable-next-line no-await-in-loop
    statuses.push(await guess(client, { username: `nobody-${name}`, end_user_address }))
  return statuses
}

describe('the end user of a first-party client', () => {
  it('R68 may fail as often from one address as a browser, across all accounts', async () => {
    const { username } = await server.addUser()
    const address = freshAddress()
    expect(await spray(app, address, 6)).toEqual([401, 401, 401, 401, 429, 429])
    await signIn(app, { username, end_user_address: address }).expect(429)
    await signIn(app, { username, end_user_address: freshAddress() }).expect(200)
  })

  it('R68 is then blocked only within that client', async () => {
    const { username } = await server.addUser()
    const address = freshAddress()
    await spray(app, address, 5)
    await signIn(other, { username, end_user_address: address }).expect(200)
    const browser = request(server.app).post('/login').set('X-Forwarded-For', address)
    await browser.send({ username, password }).expect(200)
  })

  it('R12 is refused from an address that is blocked for browsers', async () => {
    const { username } = await server.addUser()
    const address = freshAddress()
    for (let times = 0; times < 4; times += 1) {
      const browser = request(server.app).post('/login').set('X-Forwarded-For', address)
      // oxlint-disable-next-line no-await-in-loop
      await browser.send({ username: `nobody-${times}`, password }).expect(401)
    }
    await signIn(app, { username, end_user_address: address }).expect(429)
  })

  it('R11 signs in from a known address, however many strangers guess', async () => {
    const { username } = await server.addUser()
    const home = freshAddress()
    await signIn(app, { username, end_user_address: home }).expect(200)
    for (let times = 0; times < 3; times += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await guess(app, { username, end_user_address: freshAddress() })).toBe(401)
    await signIn(app, { username, end_user_address: freshAddress() }).expect(429)
    await signIn(app, { username, end_user_address: home }).expect(200)
  })

  it('R10 cannot be guessed at more often through several clients: 100 times a day in all', async () => {
    const patient = await startTestApp({
      LIMIT_SIGN_IN_PER_ACCOUNT: '100',
      LIMIT_SIGN_IN_PER_ADDRESS: '1000',
    })
    try {
      const { username } = await patient.addUser()
      const clients = await Promise.all([1, 2, 3].map(() => addTestClients(patient)))
      const guesses = clients.flatMap(({ app: { id, secret } }) =>
        Array.from({ length: 40 }, () =>
          request(patient.app)
            .post('/login')
            .send({ username, password: 'not it', client_id: id, client_secret: secret }),
        ),
      )
      const statuses = (await Promise.all(guesses)).map(({ status }) => status)
      expect(statuses.filter((status) => status === 401)).toHaveLength(100)
      expect(statuses.filter((status) => status === 429)).toHaveLength(20)
    } finally {
      await patient.close()
    }
  }, 60_000)

  it('R27 sees the sign-in in the list of sessions, and can end it there', async () => {
    const { username } = await server.addUser()
    const cookie = await signedIn(server, username)
    const address = freshAddress()
    const { body } = await signIn(app, { username, end_user_address: address }).expect(200)
    const list = await request(server.app).get('/sessions').set('Cookie', cookie).expect(200)
    const listed = list.body.sessions[1]
    expect(listed).toMatchObject({ device: 'App, Firefox on Windows', address, current: false })
    const end = request(server.app).delete(`/sessions/${listed.id}`).set('Cookie', cookie)
    await end.expect(204)
    await refresh(server, app, body.refresh_token).expect(400)
    const left = await request(server.app).get('/sessions').set('Cookie', cookie).expect(200)
    expect(left.body.sessions).toHaveLength(1)
  })

  it('R14 gets one e-mail about a sign-in from a new place', async () => {
    const { username, email } = await server.addUser()
    await signedIn(server, username)
    const [address, elsewhere] = [freshAddress(), freshAddress()]
    await signIn(app, { username, end_user_address: address }).expect(200)
    const { data } = await mailTo(server, { to: email, kind: 'new_device' })
    expect(data).toMatchObject({ address, device: 'App, Firefox on Windows' })
    await signIn(app, { username, end_user_address: address }).expect(200)
    await signIn(app, { username, end_user_address: elsewhere }).expect(200)
    expect(await allMailsTo(server, email, 'new_device')).toHaveLength(1)
  })

  it('R60 appears in the audit log with their own address and User-Agent', async () => {
    const { id, username } = await server.addUser()
    const address = freshAddress()
    await signIn(app, { username, end_user_address: address }).expect(200)
    const events = await server.audited({ subjectId: id, event: 'signed_in' })
    expect(events).toMatchObject([{ address, userAgent: agent, details: { client: 'App' } }])
  })

  it.each(['', 'here', '192.0.2.1:80', '192.0.2.1, 192.0.2.2', '127.1', '192.0.2.0/24'])(
    'needs one valid IP address, not %j',
    async (end_user_address) => {
      const { username } = await server.addUser()
      const { body } = await signIn(app, { username, end_user_address }).expect(400)
      expect(body.errors).toMatchObject([{ field: 'end_user_address' }])
    },
  )
})
