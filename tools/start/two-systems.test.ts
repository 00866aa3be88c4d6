import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import mongoose from 'mongoose'
import { Connection } from 'rabbitmq-client'
import { z } from 'zod'
import { queues } from '../../packages/mail-contract/src/mail-contract.ts'
import { amqpService } from '../services/amqp.service.ts'
import { mongoService } from '../services/mongo.service.ts'
import { type OwnInstance, startOwnInstance } from '../services/own-instances.ts'
import { redisService } from '../services/redis.service.ts'
import { findFreePort } from '../services/free-port.ts'
import { ask, endStarts, npmStart, type Running, signIn } from './npm-start.fixture.ts'

jest.setTimeout(180_000)

type System = { dataDir: string; start: ReturnType<typeof npmStart>; running: Running }

describe.each(['local', 'found'])('two systems on one machine, with SERVICES=%s', (services) => {
  const usual: OwnInstance[] = []
  let one: System
  let other: System
  beforeAll(async () => {
    if (services === 'found') usual.push(...(await startAbsent()))
    const systems = await Promise.all([startSystem(services), startSystem(services)])
    ;[one, other] = systems
  })
  afterAll(async () => {
    await Promise.all([one, other].map((system) => endSystem(system, services)))
    endStarts()
    await Promise.all(usual.map((instance) => instance.stop()))
  })

  it('keep their accounts apart', async () => {
    const [account] = one.running.accounts
    const body = { username: account?.username, password: account?.password }
    const answer = await ask(`${other.running.authServer}/login`, { method: 'POST', body })
    expect([body.username, answer.status]).toEqual(['demo', 401])
  })

  it('keep their sessions apart: ending all sessions of one ends none of the other', async () => {
    const cookies = await Promise.all([signIn(one.running), signIn(other.running)])
    await cli(other, 'sessions', 'end', '--all', '--yes')
    const statuses = [one, other].map(async ({ running }, index) => {
      const cookie = cookies[index] ?? ''
      return (await ask(`${running.authServer}/session`, { cookie })).status
    })
    expect(await Promise.all(statuses)).toEqual([200, 401])
  })

  it('keep their e-mails apart', async () => {
    for (const { running } of [one, other]) {
      const body = { email: running.accounts[0]?.email }
      const path = `${running.authServer}/forgot_password`
      expect((await ask(path, { method: 'POST', body })).status).toBe(202)
    }
    const links = await Promise.all([resetLinkIn(one), resetLinkIn(other)])
    expect(links.map((link) => new URL(link).origin)).toEqual([
      one.running.authServer,
      other.running.authServer,
    ])
  })
})

/** Starts servers on the usual ports that are free. */
async function startAbsent(): Promise<OwnInstance[]> {
  const started = [mongoService, redisService, amqpService].map(async (service) => {
    if (await service.answers('127.0.0.1', service.usualPort)) return []
    return [await startOwnInstance(service, { port: service.usualPort })]
  })
  return (await Promise.all(started)).flat()
}

async function startSystem(services: string): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), 'two-systems-'))
  const unset = ['NODE_ENV', 'MONGO_URL', 'REDIS_URL', 'AMQP_URL', 'SMTP_URL']
  const env = {
    ...process.env,
    ...Object.fromEntries(unset.map((name) => [name, undefined])),
    SERVICES: services,
    PORT: String(await findFreePort()),
    PRODUCT_PORT: String(await findFreePort()),
    MAILBOX_PORT: String(await findFreePort()),
    BCRYPT_COST: '4',
  }
  const start = npmStart({ dataDir, env })
  return { dataDir, start, running: await start.running() }
}

const settings = z.object({ MAIL_QUEUE_PREFIX: z.string() })

async function endSystem({ dataDir, start, running }: System, services: string): Promise<void> {
  const kept: unknown = JSON.parse(await readFile(join(dataDir, 'auth-server.json'), 'utf8'))
  await start.end('SIGTERM')
  if (services === 'found') await forget(running, settings.parse(kept).MAIL_QUEUE_PREFIX)
  await rm(dataDir, { recursive: true })
}

async function forget({ services }: Running, prefix: string): Promise<void> {
  const redis = new Redis(services.redis)
  await redis.flushdb()
  redis.disconnect()
  const mongo = await mongoose.createConnection(services.mongo).asPromise()
  await mongo.dropDatabase()
  await mongo.close()
  const rabbit = new Connection(services.amqp)
  const { mail, retries, dead } = queues(prefix)
  for (const queue of [mail, dead, ...retries.map(({ name }) => name)])
    await rabbit.queueDelete({ queue })
  await rabbit.close()
}

function cli({ dataDir }: System, ...args: string[]) {
  const program = 'apps/auth-server/src/cli.ts'
  const command = ['-C', 'source', program, '--data', dataDir, ...args, '--json']
  return promisify(execFile)(process.execPath, command, { env: { PATH: process.env.PATH } })
}

const mailsIn = z.array(z.object({ text: z.string() }))

async function resetLinkIn({ running }: System): Promise<string> {
  const deadline = Date.now() + 60_000
  // oxlint-disable no-await-in-loop -- polling
  while (Date.now() < deadline) {
    const mails = mailsIn.parse(await (await ask(`${running.mailbox}/email`)).json())
    const link = mails.map(({ text }) => /http\S+\/reset\S*/.exec(text)?.[0]).find(Boolean)
    if (link) return link
    await sleep(100)
  }
  throw new Error(`no e-mail in ${running.mailbox}`)
}
