import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { MailMessage } from 'mail-contract'
import { MailError } from 'mail-delivery'
import { mailEntry } from './mail-entry.ts'
import { testOutbox, until } from '../../testing/outbox.fixture.ts'
import { UnsendableMail, TransportUnavailable } from './mail-errors.ts'

let world: Awaited<ReturnType<typeof testOutbox>>
beforeAll(async () => {
  world = await testOutbox()
})
afterEach(async () => {
  await world.stopRelays()
  await world.users.deleteMany({})
})
afterAll(() => world.close())

async function addUser() {
  const [user] = await world.addUsers(1)
  if (!user) throw new Error('no user')
  return user
}

/** A `send` that records the e-mails it is given. */
function recorder(fate: (message: MailMessage, time: number) => unknown = () => undefined) {
  const sent: MailMessage[] = []
  async function send(message: MailMessage): Promise<void> {
    sent.push(message)
    await fate(message, sent.length)
  }
  return { sent, send }
}

describe('the relay', () => {
  it('sends a waiting e-mail with links made at that moment, then removes it', async () => {
    const user = await addUser()
    const { sent, send } = recorder()
    expect(JSON.stringify(await world.outboxOf(user.id))).not.toMatch(/http|token/)
    world.startRelay(send)
    await world.waiting(0)
    expect(sent).toEqual([
      expect.objectContaining({ id: user.outbox[0]?.id, kind: 'confirm', to: user.email }),
    ])
    const url = expect.stringMatching(/^http:\/\/localhost:3000\/invite\?confirmation=/)
    expect(sent[0]?.data).toMatchObject({ username: user.username, link: { url } })
  })

  it('sends at once when woken', async () => {
    const { sent, send } = recorder()
    const relay = world.startRelay(send)
    await addUser()
    relay.wake()
    await until(() => sent.length === 1, 80)
  })

  it('removes an entry only after its e-mail was handed over', async () => {
    const user = await addUser()
    const accepted = Promise.withResolvers<void>()
    const { sent, send } = recorder(() => accepted.promise)
    world.startRelay(send)
    await until(() => sent.length === 1)
    await sleep(300)
    expect(await world.outboxOf(user.id)).toHaveLength(1)
    expect(sent).toHaveLength(1)
    accepted.resolve()
    await world.waiting(0)
  })

  it('sends each of 100 e-mails once, with three servers running', async () => {
    await world.addUsers(100)
    const { sent, send } = recorder(() => sleep(5))
    for (let server = 0; server < 3; server += 1) world.startRelay(send)
    await world.waiting(0, 20_000)
    expect(new Set(sent.map(({ to }) => to)).size).toBe(100)
    expect(sent).toHaveLength(100)
  })

  it('F13 sends what a dead server left unfinished, under the same id', async () => {
    const user = await addUser()
    const dead = recorder(() => new Promise(() => undefined))
    world.startRelay(dead.send)
    await until(() => dead.sent.length === 1)
    const left = await world.outboxOf(user.id)
    expect(left[0]?.dueAt?.getTime()).toBeLessThan(Date.now() + 30_000)
    // As if its lease had ended.
    await world.users.updateOne({ _id: user.id }, { $set: { 'outbox.0.dueAt': new Date() } })
    const { sent, send } = recorder()
    world.startRelay(send)
    await world.waiting(0)
    expect(sent.map(({ id }) => id)).toEqual(dead.sent.map(({ id }) => id))
  })

  it('keeps e-mails while the transport is down, and tries no others until the next sweep', async () => {
    const users = await world.addUsers(60)
    let isBlocked = true
    const { sent, send } = recorder(() => {
      if (isBlocked) throw new TransportUnavailable('stopped')
    })
    const relay = world.startRelay(send)
    for (let time = 0; time < 50; time += 1) relay.wake()
    await sleep(500)
    // One batch per sweep, however often it is woken.
    expect(sent.length).toBeLessThanOrEqual(6 * 20)
    const left = await Promise.all(users.map(({ id }) => world.outboxOf(id)))
    expect(left.flat()).toHaveLength(60)
    expect(left.flat().every(({ attempts }) => attempts <= 1)).toBe(true)
    isBlocked = false
    await world.waiting(0)
  })

  it('lets no slow e-mail hold up others (F15)', async () => {
    const [slow] = await world.addUsers(40)
    const { send } = recorder((message) =>
      message.to === slow?.email ? new Promise(() => undefined) : undefined,
    )
    world.startRelay(send)
    await world.waiting(1)
    expect(await world.outboxOf(slow?.id ?? '')).toHaveLength(1)
  })
})

describe('the relay, when an e-mail is refused', () => {
  it('retries a temporary refusal, later each time, and then gives up', async () => {
    const user = await addUser()
    const { sent, send } = recorder(() => {
      throw new MailError({ temporary: true, reason: '451 greylisted' })
    })
    world.startRelay(send)
    const delays: number[] = []
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      // oxlint-disable-next-line no-await-in-loop
      delays.push(await delayAfter(user.id, attempt))
      // oxlint-disable-next-line no-await-in-loop
      await world.users.updateOne({ _id: user.id }, { $set: { 'outbox.0.dueAt': new Date() } })
    }
    expect(delays.map((ms) => Math.round(ms / 10_000) * 10)).toEqual([10, 60, 600, 3600])
    await until(async () => (await world.outboxOf(user.id))[0]?.failedAt !== null)
    expect(sent).toHaveLength(5)
    expect(await world.outboxOf(user.id)).toMatchObject([{ reason: '451 greylisted', dueAt: null }])
  })

  it.each([
    new MailError({ temporary: false, reason: '550 no such mailbox' }),
    new UnsendableMail('550 no such mailbox'),
  ])('keeps a permanent refusal with its reason and does not retry it: $name', async (error) => {
    const user = await addUser()
    const { sent, send } = recorder(() => {
      throw error
    })
    const relay = world.startRelay(send)
    await until(async () => (await world.outboxOf(user.id))[0]?.failedAt instanceof Date)
    relay.wake()
    await sleep(300)
    expect(sent).toHaveLength(1)
    expect(await world.outboxOf(user.id)).toMatchObject([
      { reason: '550 no such mailbox', failedAt: expect.any(Date), dueAt: null },
    ])
  })

  it('keeps only the latest failure of an e-mail that anybody may request', async () => {
    const user = await addUser()
    const { send } = recorder(() => {
      throw new MailError({ temporary: false, reason: '550 no such mailbox' })
    })
    const relay = world.startRelay(send)
    const givenUp = async () => (await world.outboxOf(user.id)).filter(({ failedAt }) => failedAt)
    await until(async () => (await givenUp()).length === 1)
    const next = mailEntry({ kind: 'confirm', to: user.email })
    const other = mailEntry({ kind: 'password_changed', to: user.email })
    const outbox = { $each: [next, other, { ...other, id: 'another' }] }
    await world.users.updateOne({ emailKey: user.emailKey }, { $push: { outbox } })
    relay.wake()
    await until(async () => (await givenUp()).length === 3)
    expect((await givenUp()).map(({ id }) => id)).toEqual([next.id, other.id, 'another'])
  })

  it('gives up at once, even while another e-mail of the same user is sent', async () => {
    const user = await addUser()
    const next = mailEntry({ kind: 'confirm', to: user.email })
    await world.users.updateOne({ emailKey: user.emailKey }, { $push: { outbox: next } })
    world.startRelay(async ({ id }) => {
      if (id !== next.id) return
      // Waits until the other e-mail, which was before it, is removed.
      await until(async () => (await world.outboxOf(user.id)).length === 1)
      throw new MailError({ temporary: false, reason: '550 no such mailbox' })
    })
    await until(async () => (await world.outboxOf(user.id))[0]?.failedAt instanceof Date)
  })

  it('keeps an invalid e-mail and sends the others', async () => {
    const [bad] = await world.addUsers(2)
    await world.users.updateOne(
      { emailKey: bad?.emailKey ?? '' },
      { $set: { 'outbox.0.kind': 'newsletter' } },
    )
    const { send } = recorder()
    world.startRelay(send)
    await world.waiting(1)
    await until(async () => (await world.outboxOf(bad?.id ?? ''))[0]?.failedAt instanceof Date)
  })
})

/** How long an e-mail waits after that attempt, in ms. */
async function delayAfter(id: string, attempt: number): Promise<number> {
  let delay = 0
  await until(async () => {
    const [entry] = await world.outboxOf(id)
    delay = (entry?.dueAt?.getTime() ?? 0) - Date.now()
    // Up to 25 seconds is still its lease; only after the refusal is it the delay.
    const isLeased = delay > 20_000 && delay <= 25_000
    return entry?.attempts === attempt && !isLeased && delay > 0
  })
  return delay
}
