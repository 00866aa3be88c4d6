import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { startBehindProxy } from '../../../testing/behind-proxy.fixture.ts'
import { userSignedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClients,
  codeFor,
  exchange,
  pairByCode,
  pkce,
  refresh,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

let server: TestServer
let admin: string
let behind: Awaited<ReturnType<typeof startBehindProxy>>
beforeAll(async () => {
  server = await startTestApp()
  admin = (await userSignedIn(server, { roles: ['admin'] })).cookie
  behind = await startBehindProxy(server)
})
afterAll(async () => {
  await behind.close()
  await server.close()
})

async function somebody() {
  const [clients, person] = await Promise.all([addTestClients(server), userSignedIn(server)])
  return { clients, ...person }
}
type Somebody = Awaited<ReturnType<typeof somebody>>

/** The routes that hand out tokens, with the command during which the grant ends. */
const handOuts = {
  'POST /oauth/token': {
    command: 'findAndModify',
    prepare: async ({ clients, cookie }: Somebody) => {
      const { verifier, challenge } = pkce()
      const code = await codeFor(server, { client: clients.site, cookie, challenge })
      return () => exchange(behind, clients.site, { code, verifier })
    },
  },
  'POST /refresh': {
    command: 'findAndModify',
    prepare: async ({ clients, cookie }: Somebody) => {
      const { refresh_token } = await pairByCode(server, clients.site, cookie)
      return () => refresh(behind, clients.site, refresh_token)
    },
  },
  'POST /tokens': {
    command: 'insert',
    prepare: async ({ clients, cookie }: Somebody) => {
      const { audience } = clients.api
      return () => request(behind.app).post('/tokens').set('Cookie', cookie).send({ audience })
    },
  },
  'POST /login with a client': {
    command: 'insert',
    prepare: async ({ clients: { app }, user: { username } }: Somebody) => {
      const login = { username, password, client_id: app.id, client_secret: app.secret }
      return () => request(behind.app).post('/login').send(login)
    },
  },
}

function byAdmin(path: string) {
  return request(server.app).post(`/admin/${path}`).set('Cookie', admin).expect(204)
}

const ends = {
  'a sign-out': async ({ cookie }: Somebody) => {
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
  },
  'a suspension': async ({ user }: Somebody) => {
    await byAdmin(`users/${user.id}/suspend`)
  },
  'the removal of the client': async ({ clients }: Somebody) => {
    const all = Object.values(clients)
    await Promise.all(all.map(({ id }) => byAdmin(`clients/${id}/remove`)))
  },
}

const cases = Object.entries(handOuts).flatMap(([route, handOut]) =>
  Object.entries(ends)
    // A sign-in through a client has no session to sign out of. After the removal of the client nothing
    // verifies the tokens of a refresh.
    .filter(([end]) => !(route.includes('client') && end === 'a sign-out'))
    .filter(([end]) => !(route === 'POST /refresh' && end.includes('client')))
    .map(([end, endIt]) => ({ route, ...handOut, end, endIt })),
)

describe('a grant that ends while its tokens are made', () => {
  it.each(cases)('R85 gets none from $route after $end', async ({ command, prepare, endIt }) => {
    const person = await somebody()
    const act = await prepare(person)
    const isMade = (started: { command: object }) =>
      Reflect.get(started.command, command) === 'families'
    const made = behind.onCommand(isMade, () => behind.proxy.hold())
    const acting = act().then((answer) => answer)
    await made
    await endIt(person)
    await behind.proxy.heal()
    const { status, body } = await acting
    expect([400, 401, 403, 409]).toContain(status)
    expect(body.access_token).toBeUndefined()
  })
})

describe('a code whose user is suspended, while the sessions have not ended yet', () => {
  it('R85 is refused, and the log tells of no tokens', async () => {
    const { clients, cookie, user } = await somebody()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    // As a server leaves it that is killed during a suspension.
    await server.users.updateOne({ _id: user.id }, { $set: { suspendedAt: new Date() } })
    const { status, body } = await exchange(server, clients.site, { code, verifier })
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
    expect(await server.audited({ subjectId: user.id, event: 'tokens_given' })).toEqual([])
  })
})
