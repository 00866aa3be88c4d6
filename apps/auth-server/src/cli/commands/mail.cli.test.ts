import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { commandLine } from '../../../testing/cli.fixture.ts'
import { createInvite } from '../../accounts/invitations/create-invite.ts'
import { openDeadMails } from '../../../testing/dead-mails.fixture.ts'
import { testOutbox } from '../../../testing/outbox.fixture.ts'

const secret = 'a secret for mails in tests of commands'

let world: Awaited<ReturnType<typeof testOutbox>>
let deadMails: ReturnType<typeof openDeadMails>
/** With RabbitMQ (`queued`) and without (`direct`). */
let queued: ReturnType<typeof commandLine>
let direct: ReturnType<typeof commandLine>
beforeAll(async () => {
  world = await testOutbox()
  deadMails = openDeadMails(secret)
  queued = commandLine({ MONGO_URL: world.url, ...deadMails.env })
  direct = commandLine({ MONGO_URL: world.url, MAIL_SECRETS: secret })
})
afterEach(async () => {
  await direct.run(['mail', 'drop', '--all', '--yes'])
  await deadMails.empty()
})
afterAll(async () => {
  await deadMails.close()
  await world.close()
})

async function giveUp(): Promise<{ owner: string; mail: string }> {
  const [user] = await world.addUsers(1)
  const [entry] = user?.outbox ?? []
  if (!user || !entry) throw new Error('no e-mail in the outbox')
  const failed = { ...entry, dueAt: null, attempts: 5, failedAt: new Date(), reason: 'refused' }
  await world.users.updateOne({ username: user.username }, { $set: { outbox: [failed] } })
  return { owner: user.id, mail: entry.id }
}

describe('mail dead', () => {
  it('shows the dead-letter queue and the outboxes, never a link', async () => {
    const parked = await deadMails.park()
    const { mail } = await giveUp()
    const { stdout } = await queued.run(['mail', 'dead', '--json'])
    const facts = { id: parked, kind: 'reset', to: 'ada@mail.test', reason: 'no such mailbox' }
    expect(JSON.parse(stdout).mails).toEqual([
      { ...facts, tries: 5, failedAt: '2026-11-21T08:00:00.000Z', place: 'queue' },
      expect.objectContaining({ id: mail, kind: 'confirm', reason: 'refused', place: 'outbox' }),
    ])
    const table = await queued.run(['mail', 'dead'])
    expect(stdout + table.stdout).not.toMatch(/token|https?:/)
  })

  it('shows only the outboxes without RabbitMQ', async () => {
    await deadMails.park()
    const { mail } = await giveUp()
    expect((await direct.json(['mail', 'dead'])).mails).toMatchObject([{ id: mail }])
  })

  it('shows the oldest up to --limit, and says how many there are', async () => {
    await Promise.all([deadMails.park(), deadMails.park(), deadMails.park()])
    expect(await queued.json(['mail', 'dead', '--limit', '2'])).toMatchObject({
      mails: [{ place: 'queue' }, { place: 'queue' }],
      total: 3,
    })
    const { stdout } = await queued.run(['mail', 'dead', '--limit', '2'])
    expect(stdout).toContain('2 of 3')
  })

  it('says that somebody else is reading them, not that the list is empty', async () => {
    const id = await deadMails.park()
    const release = await deadMails.hold()
    const { code, stderr } = await queued.run(['mail', 'drop', id, '--yes'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('Someone else is reading')])
    await release()
  })

  it('also finds the e-mail of an invitation', async () => {
    const invite = { email: 'bob@mail.test', from: null }
    const { id } = await createInvite(world, invite)
    const failed = { 'outbox.0.failedAt': new Date(), 'outbox.0.dueAt': null }
    await world.invites.updateOne({ _id: id }, { $set: failed })
    const { mails } = await direct.json(['mail', 'dead'])
    expect(mails).toMatchObject([{ kind: 'invite', to: 'bob@mail.test' }])
  })

  it('cannot be made to move the reader’s cursor', async () => {
    await deadMails.park('\u001B[2Jgone')
    expect((await queued.run(['mail', 'dead'])).stdout).not.toContain('\u001B')
  })

  it('names the setting of RabbitMQ while it is down', async () => {
    const env = { AMQP_URL: 'amqp://127.0.0.1:1' }
    const { code, stderr } = await queued.run(['mail', 'dead'], { env })
    expect([code, stderr]).toEqual([1, expect.stringContaining('AMQP_URL')])
  })
})

describe('mail replay', () => {
  it('queues the named e-mails again and leaves the others', async () => {
    const [wanted, other] = [await deadMails.park(), await deadMails.park()]
    expect(await queued.json(['mail', 'replay', wanted])).toEqual({ replayed: 1 })
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id: other }])
    expect(await deadMails.waiting(deadMails.names.mail)).toBe(1)
  })

  it('queues all of them again if none is named', async () => {
    await deadMails.park()
    const { owner } = await giveUp()
    expect(await queued.json(['mail', 'replay'])).toEqual({ replayed: 2 })
    expect(await world.outboxOf(owner)).toMatchObject([
      { attempts: 0, failedAt: null, reason: null, dueAt: expect.any(Date) },
    ])
  })

  it('fails for one that does not exist', async () => {
    expect(await direct.run(['mail', 'replay', 'nothing'])).toMatchObject({ code: 1 })
  })
})

describe('mail drop', () => {
  it('deletes the named e-mails and no others', async () => {
    const [unwanted, other] = [await deadMails.park(), await deadMails.park()]
    const { owner, mail } = await giveUp()
    expect(await queued.json(['mail', 'drop', unwanted, mail, '--yes'])).toEqual({ dropped: 2 })
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id: other }])
    expect(await world.outboxOf(owner)).toEqual([])
  })

  it('requires ids or --all, and asks first', async () => {
    const id = await deadMails.park()
    expect((await queued.run(['mail', 'drop'])).code).toBe(2)
    expect((await queued.run(['mail', 'drop', id])).code).toBe(2)
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id }])
  })
})
