import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { queues, sealMail } from 'mail-contract'
import { connectQueues, type MailQueues } from 'mail-delivery/queues'
import { commandLine } from '../cli/cli.fixture.ts'
import { createInvite } from '../invitations/create-invite.ts'
import { testOutbox } from './outbox.fixture.ts'

const secret = 'a secret for mails in tests of commands'
const amqpUrl = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'
const prefix = `test-${randomBytes(6).toString('hex')}.`

let world: Awaited<ReturnType<typeof testOutbox>>
let broker: MailQueues
/** With RabbitMQ, and without. */
let queued: ReturnType<typeof commandLine>
let direct: ReturnType<typeof commandLine>
beforeAll(async () => {
  world = await testOutbox()
  broker = connectQueues({ url: amqpUrl, names: queues(prefix), onError: () => undefined })
  const env = { MONGO_URL: world.url, MAIL_SECRETS: secret, MAIL_QUEUE_PREFIX: prefix }
  queued = commandLine({ ...env, AMQP_URL: amqpUrl })
  direct = commandLine(env)
})
afterEach(async () => {
  await direct.run(['mail', 'drop', '--all', '--yes'])
  const channel = await broker.connection.acquire()
  for (const queue of [broker.names.dead, broker.names.mail]) await channel.queuePurge(queue)
  await channel.close()
})
afterAll(async () => {
  const channel = await broker.connection.acquire()
  const names = [broker.names.dead, broker.names.mail, ...broker.names.retries.map((r) => r.name)]
  for (const queue of names) await channel.queueDelete({ queue })
  await channel.close()
  await broker.close()
  await world.close()
})

/** A mail in the dead-letter queue, as the mail worker puts it there. */
async function park(reason = 'no such mailbox'): Promise<string> {
  const id = randomBytes(6).toString('hex')
  const link = { url: 'https://login.test/reset?token=key', expiresAt: new Date().toISOString() }
  const message = {
    id,
    kind: 'reset' as const,
    to: 'ada@mail.test',
    locale: 'en',
    at: new Date().toISOString(),
    data: { siteName: 'Latchkey', link },
  }
  const body = Buffer.from(await sealMail(message, [secret]))
  const headers = { reason, tries: 5, 'failed-at': '2026-11-21T08:00:00.000Z' }
  await broker.publish(broker.names.dead, { id, body, headers })
  return id
}

async function giveUp(): Promise<{ owner: string; mail: string }> {
  const [user] = await world.addUsers(1)
  const [entry] = user?.outbox ?? []
  if (!user || !entry) throw new Error('no mail waits')
  const failed = { ...entry, dueAt: null, attempts: 5, failedAt: new Date(), reason: 'refused' }
  await world.users.updateOne({ username: user.username }, { $set: { outbox: [failed] } })
  return { owner: user.id, mail: entry.id }
}

async function waiting(queue: string): Promise<number> {
  const channel = await broker.connection.acquire()
  const { messageCount } = await channel.queueDeclare({ queue, passive: true })
  await channel.close()
  return messageCount
}

describe('mail dead', () => {
  it('shows what lies in the dead-letter queue and in outboxes, and never a link', async () => {
    const parked = await park()
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

  it('shows the outboxes alone where mails go through no queue', async () => {
    await park()
    const { mail } = await giveUp()
    expect((await direct.json(['mail', 'dead'])).mails).toMatchObject([{ id: mail }])
  })

  it('finds the mail of an invitation, too', async () => {
    const invite = { email: 'bob@mail.test', createdBy: null }
    const { id } = await createInvite(world, invite)
    const failed = { 'outbox.0.failedAt': new Date(), 'outbox.0.dueAt': null }
    await world.invites.updateOne({ _id: id }, { $set: failed })
    const { mails } = await direct.json(['mail', 'dead'])
    expect(mails).toMatchObject([{ kind: 'invite', to: 'bob@mail.test' }])
  })

  it('cannot be made to move the cursor of who reads it', async () => {
    await park('\u001B[2Jgone')
    expect((await queued.run(['mail', 'dead'])).stdout).not.toContain('\u001B')
  })

  it('names RabbitMQ and its setting when it is away', async () => {
    const env = { AMQP_URL: 'amqp://127.0.0.1:1' }
    const { code, stderr } = await queued.run(['mail', 'dead'], { env })
    expect([code, stderr]).toEqual([1, expect.stringContaining('AMQP_URL')])
  })
})

describe('mail replay', () => {
  it('has those named tried again from the first try on, and leaves the others', async () => {
    const [wanted, other] = [await park(), await park()]
    expect(await queued.json(['mail', 'replay', wanted])).toEqual({ replayed: 1 })
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id: other }])
    expect(await waiting(broker.names.mail)).toBe(1)
  })

  it('has all of them tried again where none is named', async () => {
    await park()
    const { owner } = await giveUp()
    expect(await queued.json(['mail', 'replay'])).toEqual({ replayed: 2 })
    expect(await world.outboxOf(owner)).toMatchObject([
      { attempts: 0, failedAt: null, reason: null, dueAt: expect.any(Date) },
    ])
  })

  it('fails for one that is not there', async () => {
    expect(await direct.run(['mail', 'replay', 'nothing'])).toMatchObject({ code: 1 })
  })
})

describe('mail drop', () => {
  it('throws those named away, and no others', async () => {
    const [unwanted, other] = [await park(), await park()]
    const { owner, mail } = await giveUp()
    expect(await queued.json(['mail', 'drop', unwanted, mail, '--yes'])).toEqual({ dropped: 2 })
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id: other }])
    expect(await world.outboxOf(owner)).toEqual([])
  })

  it('asks which, and asks first', async () => {
    const id = await park()
    expect((await queued.run(['mail', 'drop'])).code).toBe(2)
    expect((await queued.run(['mail', 'drop', id])).code).toBe(2)
    expect((await queued.json(['mail', 'dead'])).mails).toMatchObject([{ id }])
  })
})
