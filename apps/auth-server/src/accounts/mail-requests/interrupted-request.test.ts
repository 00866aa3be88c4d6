import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { noMailOnItsWay } from '../../../testing/mailed-links.fixture.ts'
import { until } from '../../../testing/outbox.fixture.ts'
import { startBehindProxy } from '../../../testing/behind-proxy.fixture.ts'
import { createUser } from '../../users/create-user.ts'
import { newUser, testUsers } from '../../../testing/users.fixture.ts'
import type { User } from '../../users/user.model.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import { mailRequestModel, type MailRequests } from './mail-request.model.ts'
import { reservationModel, type Reservations } from '../reservations/reservation.model.ts'
import { queueMail } from './queue-requested-mail.ts'
import { processMailRequests } from './process-mail-requests.ts'

let world: Awaited<ReturnType<typeof testUsers>>
let mailRequests: MailRequests
let reservations: Reservations
let user: User
beforeAll(async () => {
  world = await testUsers()
  mailRequests = mailRequestModel(world.connection)
  reservations = reservationModel(world.connection)
})
afterAll(() => world.close())
beforeEach(async () => {
  await mailRequests.deleteMany({})
  user = await createUser(world, newUser())
})

const kind = 'reset'

/** Stores a request as the route does; due in `dueIn` ms. */
async function ask(dueIn = 0): Promise<string> {
  const at = new Date()
  const id = randomUUID()
  const dueAt = new Date(at.getTime() + dueIn)
  await mailRequests.create({ _id: id, kind, emailKey: user.emailKey, at, dueAt })
  return id
}

const processAll = () =>
  processMailRequests({
    mailRequests,
    users: world.users,
    reservations,
    audit: { mailRequested: () => undefined },
  })

async function waiting() {
  const stored = await world.users.findById(user.id).lean()
  return stored?.outbox.map(({ id }) => id)
}

describe('processMailRequests', () => {
  it('queues one e-mail with the id of the request, and removes the request', async () => {
    const id = await ask()
    await processAll()
    expect(await waiting()).toEqual([id])
    expect(await mailRequests.countDocuments()).toBe(0)
  })

  it('F13 processes a request later if its server died before it queued the e-mail', async () => {
    const id = await ask(150)
    await processAll()
    expect(await waiting()).toEqual([])
    await sleep(200)
    await processAll()
    expect(await waiting()).toEqual([id])
  })

  it('F13 queues no second e-mail if a server died after it queued the first', async () => {
    const id = await ask()
    await queueMail(world.users, { id, kind, emailKey: user.emailKey })
    await processAll()
    expect(await waiting()).toEqual([id])
    expect(await mailRequests.countDocuments()).toBe(0)
  })

  it('processes each of many requests once, with four servers running', async () => {
    const ids = await Promise.all(Array.from({ length: 25 }, () => ask()))
    await Promise.all([processAll(), processAll(), processAll(), processAll()])
    expect((await waiting())?.toSorted()).toEqual(ids.toSorted())
    expect(await mailRequests.countDocuments()).toBe(0)
  })
})

describe('POST /forgot_password', () => {
  let server: Awaited<ReturnType<typeof startTestApp>>
  let behind: Awaited<ReturnType<typeof startBehindProxy>>
  beforeAll(async () => {
    server = await startTestApp()
    behind = await startBehindProxy(server)
  })
  afterAll(async () => {
    await behind.close()
    await server.close()
  })

  it('F13 may be repeated soon if the server died before it stored the request', async () => {
    const claimed = Promise.withResolvers<void>()
    const { redis, keyPrefix } = server
    // What a server leaves behind if it is killed here.
    void claimMail({ redis, keyPrefix }, { kind, about: user.emailKey }, () => {
      claimed.resolve()
      return new Promise(() => undefined)
    })
    await claimed.promise
    const [key = ''] = await redis.keys(`${keyPrefix}mail-asked:*`)
    expect(await redis.pttl(key)).toBeGreaterThan(2_000)
    expect(await redis.pttl(key)).toBeLessThanOrEqual(10_000)
  })

  it('R62 answers 503 if the request cannot be stored, and may be repeated at once', async () => {
    const { email } = await server.addUser()
    const askFor = () => request(behind.app).post('/forgot_password').send({ email })
    await behind.proxy.refuse()
    await askFor().expect(503)
    await behind.proxy.heal()
    await until(async () => (await askFor()).status === 202)
    await noMailOnItsWay(server)
    const sent = [...server.mails, ...behind.mails].filter(({ to }) => to === email)
    expect(sent).toHaveLength(1)
  })
})
