import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startWithAdmin } from '../testing/admins.fixture.ts'
import { addTestClient, type TestClient } from '../testing/token-clients.fixture.ts'
import { openCliContext } from './cli/cli-context.ts'
import { buildProgram } from './cli/commands/program.ts'
import { operations } from './openapi/operations.ts'

/** What an operator can do: the route of the page and of a program, its scope, and the command. */
const abilities = [
  ['GET /admin', 'admin:audit', 'overview'],
  ['GET /admin/users', 'admin:users', 'users list'],
  ['GET /admin/users/:id', 'admin:users', 'users show'],
  ['GET /admin/users/:id', 'admin:users', 'users factors'],
  ['GET /admin/users/:id', 'admin:users', 'sessions list'],
  ['POST /admin/users/:id/suspend', 'admin:users', 'users suspend'],
  ['POST /admin/users/:id/restore', 'admin:users', 'users restore'],
  ['POST /admin/users/:id/end-sessions', 'admin:users', 'users end-sessions'],
  ['POST /admin/users/:id/send-reset', 'admin:users', 'users send-reset'],
  ['POST /admin/users/:id/factors/delete', 'admin:users', 'users reset-factors'],
  ['DELETE /admin/users/:id/factors', 'admin:users', 'users reset-factors'],
  ['POST /admin/users/:id/delete', 'admin:users', 'users delete'],
  ['POST /admin/users/:id/roles', 'admin:users', 'users roles'],
  ['POST /admin/users/:id/sessions/:session/end', 'admin:users', 'sessions end'],
  ['GET /admin/invites', 'admin:invites', 'invite list'],
  ['POST /admin/invites', 'admin:invites', 'invite create'],
  ['POST /admin/invites/:id/revoke', 'admin:invites', 'invite revoke'],
  ['GET /admin/clients', 'admin:clients', 'client list'],
  ['GET /admin/clients/:id', 'admin:clients', 'client list'],
  ['POST /admin/clients', 'admin:clients', 'client add'],
  ['POST /admin/clients/:id/edit', 'admin:clients', 'client edit'],
  ['POST /admin/clients/:id/secret', 'admin:clients', 'client rotate'],
  ['POST /admin/clients/:id/key', 'admin:clients', 'keys rotate'],
  ['POST /admin/clients/:id/remove', 'admin:clients', 'client remove'],
  ['GET /admin/mails', 'admin:mail', 'mail dead'],
  ['POST /admin/mails/replay', 'admin:mail', 'mail replay'],
  ['POST /admin/mails/:id/replay', 'admin:mail', 'mail replay'],
  ['POST /admin/mails/drop', 'admin:mail', 'mail drop'],
  ['POST /admin/mails/:id/drop', 'admin:mail', 'mail drop'],
  ['GET /admin/addresses', 'admin:users', 'addresses list'],
  ['POST /admin/addresses/lift', 'admin:users', 'addresses lift'],
  ['GET /admin/audit', 'admin:audit', 'audit list'],
  ['GET /admin/audit.csv', 'admin:audit', 'audit export'],
] as const

/** Commands for the machine of the operator, which no page and no program offers. */
const commandsOnly: Record<string, string> = {
  'create-admin': 'makes the first admin, before anybody can sign in',
  doctor: 'examines the settings of this machine',
  'users import': 'reads a file of the operator, with password hashes',
  'users export': 'writes password hashes, which no answer may hold',
  'restore acknowledge': 'is for the operator who restored Redis, while no session is accepted',
  'sessions trace': 'follows a sign-in through the database, for support',
}

const scopes = ['admin:users', 'admin:clients', 'admin:invites', 'admin:mail', 'admin:audit']

function commandsOf(command: Command, path: string[] = []): string[] {
  if (command.commands.length === 0) return [path.join(' ')]
  return command.commands.flatMap((each) => commandsOf(each, [...path, each.name()]))
}

/** Forms and confirmations are for browsers; whatever they lead to is an operation as well. */
const programOperations = operations
  .filter(({ access }) => access === 'admin or machine')
  .filter(({ method, answers }) => method !== 'get' || answers[200]?.json || answers[200]?.type)
  .map(({ method, path }) => `${method.toUpperCase()} ${path}`)

describe('the pages, the command line and the API', () => {
  it('offer the same abilities', () => {
    const routes = new Set(abilities.map(([route]) => route))
    expect([...routes].toSorted()).toEqual(programOperations.toSorted())
    const commands = commandsOf(buildProgram(openCliContext({ env: {}, root: '/' })))
    const known = new Set([...abilities.map(([, , name]) => name), ...Object.keys(commandsOnly)])
    expect([...known].toSorted()).toEqual(commands.toSorted())
  })
})

describe('a form on an admin page', () => {
  let server: Awaited<ReturnType<typeof startWithAdmin>>
  beforeAll(async () => {
    server = await startWithAdmin()
  })
  afterAll(() => server.close())

  it('posts to a route that a program can call as well', async () => {
    const user = await server.addUser()
    await server.signIn(user.username)
    const { id } = await addTestClient(server, { kind: 'machine' })
    const sections = 'users invites invites/new clients clients/new addresses mails audit'
    const own = [`users/${user.id}`, `users/${user.id}/roles`, `clients/${id}`]
    const entrances = sections.split(' ').concat(own)
    const seen = new Set<string>()
    const found = new Set<string>()
    const left = ['/admin', ...entrances.map((path) => `/admin/${path}`)]
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      // oxlint-disable-next-line no-await-in-loop -- one page leads to the next
      const { text } = await server.visit(path)
      for (const [, action = ''] of text.matchAll(/<form[^>]* method="post" action="([^"]+)"/g))
        if (action.startsWith('/admin')) found.add(`POST ${action}`)
      const below = text.matchAll(
        new RegExp(`href="(/admin/[^"?]*(?:${user.id}|${id})[^"?]*)"`, 'g'),
      )
      left.push(...[...below].map(([, href = '']) => href))
    }
    const patterns = programOperations.map(
      (operation) => new RegExp(`^${operation.replaceAll(/:\w+/g, '[^/]+')}$`),
    )
    expect(found.size).toBeGreaterThan(9)
    expect([...found].filter((form) => !patterns.some((each) => each.test(form)))).toEqual([])
  })

  describe('the API for machines', () => {
    let robots: Map<string, string>
    beforeAll(async () => {
      const all = await addTestClient(server, { kind: 'machine', scopes })
      const entries = scopes.map(async (scope) => [scope, await tokenOf(all, scope)] as const)
      robots = new Map(await Promise.all(entries))
    })

    async function tokenOf(client: TestClient, scope: string): Promise<string> {
      const asked = request(server.app).post('/oauth/token').auth(client.id, client.secret)
      const grant = { grant_type: 'client_credentials', scope }
      return String((await asked.type('form').send(grant).expect(200)).body.access_token)
    }

    it.each(abilities)('(R91) opens %s to %s alone', async (route, needed, _command) => {
      const [, method, path = ''] = /^(GET|POST|DELETE) (.*)$/.exec(route) ?? []
      for (const scope of [...scopes, '']) {
        const address = path.replaceAll(/:\w+/g, 'x1')
        const agent = request(server.app)
        const asked =
          method === 'GET'
            ? agent.get(address)
            : method === 'POST'
              ? agent.post(address)
              : agent.delete(address)
        const token = robots.get(scope)
        if (token) asked.set('Authorization', `Bearer ${token}`)
        // oxlint-disable-next-line no-await-in-loop -- one after another
        const { status } = await asked.send()
        if (scope === needed) expect([401, 403]).not.toContain(status)
        else expect(status).toBe(token ? 403 : 401)
      }
    })
  })
})
