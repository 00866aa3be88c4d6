import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { answerErrors, createLogger } from 'service-kit'
import request from 'supertest'
import {
  httpWorld,
  mongoWorld,
  password,
  type DirectoryWorld,
} from '../../../testing/directories.fixture.ts'
import type { UserDirectory } from '../user-directory.ts'

const worlds = [
  { name: 'our own MongoDB', open: mongoWorld },
  { name: 'a user service over HTTP', open: httpWorld },
]
// Costly enough that a check that skips the hash stands out.
const COST = 10

describe.each(worlds)('the user directory of $name', ({ open }) => {
  let world: DirectoryWorld
  let directory: UserDirectory
  let adaId: string
  beforeAll(async () => {
    world = await open(COST)
    directory = world.directory
    adaId = await world.add({ username: 'Ada', email: 'Ada@example.com', roles: ['admin'] })
  })
  afterAll(() => world.close())

  const ada = () => ({
    id: adaId,
    username: 'Ada',
    email: 'Ada@example.com',
    roles: ['admin'],
    verifiedAt: expect.any(Date),
    suspendedAt: null,
    deletingAt: null,
  })

  describe('findByLogin', () => {
    it.each(['Ada', 'ada', 'ADA', 'Ada@example.com', 'ada@EXAMPLE.com'])(
      'finds by name and by e-mail address, in any case: %s',
      async (login) => {
        expect((await directory.findByLogin(login))?.id).toBe(adaId)
      },
    )

    it('gives the fields that sign-in needs and no others, never a hash (R42)', async () => {
      expect(await directory.findByLogin('ada')).toEqual(ada())
    })

    it.each(['nobody', 'nobody@example.com', '', ' ', '*', '{"$ne":null}'])(
      'is null for an unknown login: %j',
      async (login) => {
        expect(await directory.findByLogin(login)).toBeNull()
      },
    )

    it('is null for the longest login that is accepted', async () => {
      expect(await directory.findByLogin('x'.repeat(1024))).toBeNull()
    })
  })

  describe('findById', () => {
    it('finds the user', async () => {
      expect(await directory.findById(adaId)).toEqual(ada())
    })

    it.each(['000000000000000000000000', 'ada', '', '..', '../find-by-login', '{"$ne":null}'])(
      'is null for an unknown or invalid id: %j',
      async (id) => {
        expect(await directory.findById(id)).toBeNull()
      },
    )
  })

  describe('checkPassword', () => {
    it.each(['ada', 'ADA@example.com'])(
      'gives the user if the password is right: %s',
      async (login) => {
        expect(await directory.checkPassword({ login, password })).toEqual(ada())
      },
    )

    it('is null for a wrong password, an empty one and an unknown login', async () => {
      for (const wrong of ['wrong', '', password.toUpperCase()])
        expect(await directory.checkPassword({ login: 'ada', password: wrong })).toBeNull()
      expect(await directory.checkPassword({ login: 'nobody', password })).toBeNull()
    })

    it('takes as much work for an unknown login as for a known one (R9, C25)', async () => {
      const check = (login: string) => directory.checkPassword({ login, password: 'wrong' })
      const ratio =
        (await medianWork(() => check('nobody'))) / (await medianWork(() => check('ada')))
      // Loose on purpose: without the work for unknown logins it would be 0.05.
      expect(ratio).toBeGreaterThan(0.4)
      expect(ratio).toBeLessThan(2.5)
    })
  })

  it.each(['verifiedAt', 'suspendedAt', 'deletingAt'])(
    'gives %s in every answer, even with the right password',
    async (field) => {
      const moment = new Date('2026-11-02T08:15:00.250Z')
      const username = `user-${field.toLowerCase()}`
      const email = `${username}@example.com`
      const id = await world.add({ username, email, [field]: moment })
      const state = { id, [field]: moment }
      expect(await directory.findByLogin(username)).toMatchObject(state)
      expect(await directory.findById(id)).toMatchObject(state)
      expect(await directory.checkPassword({ login: username, password })).toMatchObject(state)
    },
  )

  it('gives null for an address that is not confirmed', async () => {
    await world.add({ username: 'new', email: 'new@example.com', verifiedAt: null })
    expect(await directory.findByLogin('new')).toMatchObject({ verifiedAt: null })
  })

  describe('an outage', () => {
    const calls = {
      findByLogin: () => directory.findByLogin('ada'),
      findById: () => directory.findById(adaId),
      checkPassword: () => directory.checkPassword({ login: 'ada', password }),
      'checkPassword, unknown': () => directory.checkPassword({ login: 'nobody', password }),
    }

    it('with a closed port is a 503 with Retry-After, for every call (R62)', async () => {
      await world.network.refuse()
      await expectOutage(calls)
      await world.network.heal()
      await expectRecovery(calls.findById)
    })

    it('with a silent server is a 503 within two seconds (F8, R63)', async () => {
      world.network.drop()
      await expectOutage(calls)
      await world.network.heal()
      await expectRecovery(calls.findById)
    })

    it('with late answers is a 503 within two seconds (R63)', async () => {
      world.network.hold()
      await expectOutage(calls)
      await world.network.heal()
      await expectRecovery(calls.findById)
    })

    it('ends after a connection was cut', async () => {
      world.network.cut()
      await expectRecovery(calls.checkPassword)
    })
  })
})

type Call = () => Promise<unknown>

/** Makes all calls at once, through the error handler, as a client sees them. */
async function expectOutage(calls: Record<string, Call>): Promise<void> {
  const answers = await Promise.all(Object.values(calls).map(ask))
  for (const { status, retryAfter, ms } of answers) {
    expect([status, retryAfter]).toEqual([503, '1'])
    expect(ms).toBeLessThan(2_500)
  }
}

async function expectRecovery(call: Call): Promise<void> {
  const deadline = performance.now() + 15_000
  let last = await ask(call)
  while (last.status !== 200 && performance.now() < deadline)
    // oxlint-disable-next-line no-await-in-loop
    last = await ask(call)
  expect(last.body).toMatchObject({ username: 'Ada' })
}

async function ask(call: Call) {
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  const app = express().get('/', async (_req, res) => void res.json(await call()))
  app.use(answerErrors({ logger, page: () => '' }))
  const started = performance.now()
  const { status, headers, body } = await request(app).get('/')
  return { status, retryAfter: headers['retry-after'], body, ms: performance.now() - started }
}

/** Processor time, which does not depend on how busy the machine is. */
async function medianWork(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const started = process.cpuUsage()
    // oxlint-disable-next-line no-await-in-loop
    await act()
    times.push(process.cpuUsage(started).user)
  }
  return times.toSorted((a, b) => a - b)[3] ?? 0
}
