import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandLine } from '../../../testing/cli.fixture.ts'
import { testUsers } from '../../../testing/users.fixture.ts'
import { findOpenInvite } from '../../accounts/invitations/find-invite.ts'
import type { Invites } from '../../accounts/invitations/invite.model.ts'
import { inviteTokenIn, testInvites } from '../../../testing/invites.fixture.ts'

let world: Awaited<ReturnType<typeof testUsers>>
let invites: Invites
let cli: ReturnType<typeof commandLine>
beforeAll(async () => {
  world = await testUsers()
  invites = await testInvites(world.connection)
  cli = commandLine({ MONGO_URL: world.url, PUBLIC_URL: 'http://login.test' })
})
afterAll(() => world.close())

function inviteOf(url: string) {
  return findOpenInvite({ users: world.users, invites }, inviteTokenIn(url))
}

describe('invite', () => {
  it('creates an invitation for anybody that is valid for seven days', async () => {
    const made = await cli.json(['invite'])
    expect(made).toEqual({
      id: expect.any(String),
      url: expect.stringContaining('http://login.test/invite?token='),
      expiresAt: expect.any(String),
    })
    expect(await inviteOf(made.url)).toMatchObject({ id: made.id, email: null, createdBy: null })
    const days = (Date.parse(made.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(7, 1)
  })

  it('creates one for an address and queues the e-mail', async () => {
    const args = ['invite', 'create', '--email', 'ada@mail.test', '--expires-in-days', '3']
    const { url, expiresAt } = await cli.json(args, { env: { MAIL_SECRETS: 'of the auth server' } })
    const invite = await inviteOf(url)
    expect(invite).toMatchObject({ email: 'ada@mail.test', outbox: [{ to: 'ada@mail.test' }] })
    expect(invite?.expiresAt.toISOString()).toBe(expiresAt)
  })

  it('requires the secret that the auth server needs for the e-mail', async () => {
    const { code, stderr } = await cli.run(['invite', '--email', 'ada@mail.test'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('MAIL_SECRETS')])
  })
})

describe('invite list, invite revoke', () => {
  it('show and revoke an invitation and never show its link again', async () => {
    const { id, url } = await cli.json(['invite'])
    expect((await cli.json(['invite', 'revoke', id])).id).toBe(id)
    expect(await inviteOf(url)).toBeNull()
    const { stdout } = await cli.run(['invite', 'list'])
    expect(stdout).toMatch(new RegExp(`${id} +anyone +revoked`))
    expect(stdout).not.toContain('token')
  })

  it('refuse to revoke a used invitation', async () => {
    const { id } = await cli.json(['invite'])
    await invites.updateOne({ _id: id }, { $set: { usedAt: new Date(), usedBy: 'x' } })
    const { code, stderr } = await cli.run(['invite', 'revoke', id])
    expect([code, stderr]).toEqual([1, expect.stringContaining('was already used')])
  })

  it('show a page at a time', async () => {
    const ids: string[] = []
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 3; at += 1) ids.push((await cli.json(['invite'])).id)
    const first = await cli.json(['invite', 'list', '--limit', '2'])
    const second = await cli.json(['invite', 'list', '--limit', '1', '--after', first.next])
    const listed = [...first.invites, ...second.invites].map(({ id }: { id: string }) => id)
    expect(listed).toEqual(ids.toReversed())
  })

  it('say that an invitation does not exist', async () => {
    const { code, stderr } = await cli.run(['invite', 'revoke', 'nothing'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm run cli -- invite list')])
  })
})
