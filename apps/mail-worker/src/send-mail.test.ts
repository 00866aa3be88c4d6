import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sealMail } from 'mail-contract'
import { replayDead } from 'mail-delivery/queues'
import { confirmUrl, mailOf } from '../../../packages/mail-delivery/src/mail.fixture.ts'
import type { Answer } from '../../../packages/mail-delivery/src/smtp/smtp-server.fixture.ts'
import { openPostOffice, type PostOffice } from './worker.fixture.ts'

let office: PostOffice

beforeAll(async () => void (office = await openPostOffice()))
beforeEach(() => {
  office.smtp.caught.length = 0
  office.smtp.attempts.clear()
  office.smtp.follow(() => 'accept')
})
afterEach(async () => {
  await office.stopWorkers()
  await office.queues.connection.queuePurge(office.names.dead)
})
afterAll(() => office.close())

describe('an e-mail in the queue', () => {
  it('is sent with valid headers and leaves the queue (R70)', async () => {
    await office.work()
    const message = mailOf('confirm')
    await office.post(message)
    const [mail] = await office.caught(1)
    expect(mail?.headers.get('date')).toBe('Fri, 02 Jan 2026 03:04:05 +0000')
    expect(mail?.mail.messageId).toBe(`<${message.id}@login.example.com>`)
    await office.settled()
  })

  it('waits for a worker', async () => {
    await office.post(mailOf('confirm'))
    await sleep(100)
    expect(office.smtp.caught).toHaveLength(0)
    await office.work()
    await office.caught(1)
  })

  it('is sent once, however often it was queued (C30)', async () => {
    const message = mailOf('confirm')
    for (let copy = 0; copy < 3; copy += 1) await office.post(message)
    await office.work()
    await office.caught(1)
    // The claim is over: only the record holds the copies back.
    await office.redis.hdel(`${office.prefix}mail-sent:${message.id}`, 'ends')
    await office.post(message)
    await sleep(300)
    await office.settled()
    expect(office.smtp.caught).toHaveLength(1)
  })

  it('is sent once if two workers get it at the same time (C30)', async () => {
    office.smtp.follow(async () => {
      await sleep(50)
      return 'accept' as const
    })
    const leaseMs = 20_000
    await Promise.all([office.work({ leaseMs }), office.work({ leaseMs })])
    const messages = Array.from({ length: 10 }, () => mailOf('confirm'))
    await Promise.all([...messages, ...messages].map((message) => office.post(message)))
    await office.caught(10)
    await office.settled()
    await sleep(150)
    const ids = office.smtp.caught.map(({ mail }) => mail.messageId)
    expect(ids).toHaveLength(10)
    expect(new Set(ids).size).toBe(10)
  })

  it('is counted by outcome', async () => {
    const { registry } = await office.work()
    await office.post(mailOf('confirm'))
    await office.caught(1)
    await office.settled()
    expect(await registry.metrics()).toContain('mails_total{outcome="sent"} 1')
  })

  it('leaves neither link nor address in the log', async () => {
    await office.work()
    await office.post(mailOf('reset'))
    await office.caught(1)
    await office.settled()
    expect(office.log()).toContain('"kind":"reset"')
    expect(office.log()).not.toMatch(/token|ada@/)
  })
})

describe('a temporary failure (F15)', () => {
  it.each([
    ['421', { refuse: 421, at: 'RCPT' }],
    ['451', { refuse: 451, at: 'DATA' }],
    ['a connection that drops in DATA', 'drop'],
    ['a conversation that stalls', 'stall'],
  ] satisfies [string, Answer][])('is tried again after %s', async (_name, failure) => {
    office.smtp.follow((_to, attempt) => (attempt < 3 ? failure : 'accept'))
    await office.work({ timeoutMs: 150 })
    await office.post(mailOf('confirm'))
    await office.caught(1)
    expect(office.smtp.attempts.get('ada@example.com')).toBe(3)
    await office.settled()
    expect(office.smtp.caught).toHaveLength(1)
  })

  it('is given up after five tries, with the last reason (C30)', async () => {
    office.smtp.follow(() => ({ refuse: 451, at: 'RCPT', text: 'try again later' }))
    await office.work()
    const message = mailOf('confirm')
    await office.post(message)
    const [mail] = await office.dead(1)
    expect(mail).toMatchObject({ id: message.id, kind: 'confirm', to: message.to, tries: 5 })
    expect(mail?.reason).toBe('451 try again later')
    expect(office.smtp.attempts.get('ada@example.com')).toBe(5)
  })

  it('waits longer after each try', async () => {
    const moments: number[] = []
    office.smtp.follow(() => {
      moments.push(performance.now())
      return { refuse: 451, at: 'RCPT' }
    })
    await office.work()
    await office.post(mailOf('confirm'))
    await office.dead(1)
    const waits = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
    expect(waits).toHaveLength(4)
    office.names.retries.forEach(({ delayMs }, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(delayMs - 5)
    })
  })

  it('holds up no other e-mail, even if fifteen stall', async () => {
    office.smtp.follow((to) => (to.startsWith('slow') ? 'stall' : 'accept'))
    await office.work({ timeoutMs: 1_000 })
    for (let n = 0; n < 15; n += 1)
      await office.post(mailOf('confirm', { to: `slow${n}@example.com` }))
    const posted = performance.now()
    await office.post(mailOf('confirm', { to: 'quick@example.com' }))
    await office.caught(1)
    expect(performance.now() - posted).toBeLessThan(900)
    office.smtp.follow(() => 'accept')
    await office.caught(16)
  })
})

describe('a permanent failure', () => {
  it.each([550, 554])('is given up at once: %i (F15)', async (refuse) => {
    office.smtp.follow(() => ({ refuse, at: 'RCPT', text: 'no such mailbox' }))
    await office.work()
    await office.post(mailOf('confirm'))
    expect(await office.dead(1)).toMatchObject([{ reason: `${refuse} no such mailbox`, tries: 1 }])
    expect(office.smtp.attempts.get('ada@example.com')).toBe(1)
  })

  it('shows no link, even if the server quotes it', async () => {
    const text = 'https://login.example.com/invite?confirmation=confirm-token-0123 is listed'
    office.smtp.follow(() => ({ refuse: 554, at: 'DATA', text }))
    await office.work()
    await office.post(mailOf('confirm'))
    expect(await office.dead(1)).toMatchObject([{ reason: '554 [link] is listed' }])
    expect(office.log()).not.toContain('confirm-token')
  })

  it('leaves the dead e-mail encrypted', async () => {
    office.smtp.follow(() => ({ refuse: 550, at: 'RCPT' }))
    await office.work()
    await office.post(mailOf('confirm'))
    await office.dead(1)
    const lying = await office.queues.connection.basicGet(office.names.dead)
    expect(JSON.stringify(lying?.headers)).not.toMatch(/ada@|token/)
    expect(String(lying?.body)).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
  })
})

describe('an e-mail whose link has expired', () => {
  const late = () => {
    const link = { url: confirmUrl, expiresAt: new Date(Date.now() - 1_000).toISOString() }
    return mailOf('confirm', { data: { link } })
  }

  it('is not sent, and is dead with that reason', async () => {
    const message = late()
    await office.post(message)
    await office.work()
    const [dead] = await office.dead(1)
    expect(dead).toMatchObject({ id: message.id, reason: 'its link has expired' })
    expect(office.smtp.caught).toHaveLength(0)
  })

  it('is dead as well if the link expires between tries', async () => {
    const link = { url: confirmUrl, expiresAt: new Date(Date.now() + 500).toISOString() }
    const slow = await openPostOffice({ delaysMs: [1_000] })
    slow.smtp.follow(() => ({ refuse: 451, at: 'RCPT' }))
    await slow.work()
    await slow.post(mailOf('reset', { data: { link } }))
    expect(await slow.dead(1)).toMatchObject([{ reason: 'its link has expired' }])
    expect([...slow.smtp.attempts.values()]).toEqual([1])
    await slow.close()
  })
})

describe('a message that is not an e-mail (C30)', () => {
  it.each([
    ['not a JWE', 'hello'],
    ['JSON in the clear', JSON.stringify(mailOf('confirm'))],
    ['an empty body', ''],
  ])('is parked at once and blocks nothing: %s', async (_name, body) => {
    await office.work()
    const id = randomUUID()
    await office.queues.publish(office.names.mail, { id, body: Buffer.from(body) })
    await office.post(mailOf('confirm'))
    expect(await office.dead(1)).toMatchObject([{ id, kind: null, to: null, tries: 0 }])
    await office.caught(1)
  })

  it('is parked at once if it is encrypted with a foreign secret', async () => {
    await office.work()
    const body = Buffer.from(await sealMail(mailOf('confirm'), ['somebody else']))
    await office.queues.publish(office.names.mail, { id: 'x', body })
    const [mail] = await office.dead(1)
    expect(mail).toMatchObject({ kind: null, reason: expect.stringContaining('secret') })
  })
})

describe('replaying dead e-mails', () => {
  it('sends the named ones and leaves the others', async () => {
    office.smtp.follow(() => ({ refuse: 550, at: 'RCPT' }))
    await office.work()
    const [wanted, other] = [mailOf('confirm'), mailOf('reset')]
    await office.post(wanted)
    await office.post(other)
    await office.dead(2)
    office.smtp.follow(() => 'accept')
    expect(await replayDead(office.queues, { ids: [wanted.id] })).toBe(1)
    const [mail] = await office.caught(1)
    expect(mail?.mail.messageId).toContain(wanted.id)
    expect(await office.dead(1)).toMatchObject([{ id: other.id, kind: 'reset' }])
  })

  it('starts again with five tries', async () => {
    office.smtp.follow(() => ({ refuse: 451, at: 'RCPT' }))
    await office.work()
    await office.post(mailOf('confirm'))
    await office.dead(1)
    office.smtp.follow((_to, attempt) => (attempt < 9 ? { refuse: 451, at: 'RCPT' } : 'accept'))
    expect(await replayDead(office.queues)).toBe(1)
    await office.caught(1)
    expect(office.smtp.attempts.get('ada@example.com')).toBe(9)
  })

  it('does nothing if there are none', async () => {
    expect(await replayDead(office.queues)).toBe(0)
  })
})
