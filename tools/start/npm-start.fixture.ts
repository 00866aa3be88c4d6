import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import mongoose from 'mongoose'
import { startOwnRabbit } from '../services/own-instances.ts'
import { findFreePort } from '../services/free-port.ts'
import { testMongoUrl } from '../testing/test-services.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

export type Running = {
  productClient: { client_id: string; client_secret: string; audience: string }
  authServer: string
  productServer: string
  mailbox: string
  services: { mongo: string; redis: string; amqp: string; smtp: string }
  accounts: Array<{ username: string; email: string; password: string; roles: string[] }>
}

/** A folder, ports, a database and a Redis that the starts of one test share. */
export async function makePlace() {
  const dataDir = await mkdtemp(join(tmpdir(), 'start-test-'))
  const rabbit = await startOwnRabbit()
  const env: NodeJS.ProcessEnv & { MONGO_URL: string; AMQP_URL: string } = {
    ...process.env,
    NODE_ENV: undefined,
    REDIS_URL: undefined,
    SMTP_URL: undefined,
    // Shared by all starts, because it takes a while.
    AMQP_URL: rabbit.url,
    SERVICES: 'local',
    MONGO_URL: testMongoUrl(),
    PORT: String(await findFreePort()),
    PRODUCT_PORT: String(await findFreePort()),
    MAILBOX_PORT: String(await findFreePort()),
    BCRYPT_COST: '4',
  }
  async function remove(): Promise<void> {
    const mongo = await mongoose.createConnection(env.MONGO_URL).asPromise()
    await mongo.dropDatabase()
    await mongo.close()
    await rabbit.stop()
    await rm(dataDir, { recursive: true })
  }
  return { dataDir, env, remove }
}

type Place = { dataDir: string; env: NodeJS.ProcessEnv }

const started: ChildProcess[] = []

/** Stops what a failed test left running. */
export function endStarts(): void {
  for (const child of started) child.kill('SIGKILL')
}

/** Runs `npm start` without npm, as a process. */
export function npmStart({ dataDir, env }: Place) {
  const child = spawn(process.execPath, ['-C', 'source', main, '--data', dataDir], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(child, 'close')

  return {
    pid: child.pid,
    output: () => output,
    /** Waits until it says that everything is running. */
    async running(): Promise<Running> {
      while (child.exitCode === null) {
        if (output.includes('Ctrl-C stops everything.'))
          return JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8'))
        await sleep(50)
      }
      throw new Error(`npm start ended:\n${output}`)
    },
    /** Waits until its output contains these words. */
    async says(words: string): Promise<void> {
      while (child.exitCode === null) {
        if (output.includes(words)) return
        await sleep(50)
      }
      throw new Error(`npm start ended:\n${output}`)
    },
    /** Sends a signal and returns the exit code. */
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal)
      await closed
      return child.exitCode
    },
    async exitCode(): Promise<number | null> {
      await closed
      return child.exitCode
    },
  }
}

/** The cookie of the first account. */
export async function signIn({ authServer, accounts }: Running): Promise<string> {
  const [{ username, password } = { username: '', password: '' }] = accounts
  const body = { username, password }
  const answer = await ask(`${authServer}/login`, { method: 'POST', body })
  if (answer.status !== 200) throw new Error(`signing in: ${answer.status}`)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

type Question = { cookie?: string; method?: string; body?: unknown }

/** Sends one request to a server, as a program does. */
export function ask(
  url: string,
  { cookie = '', method = 'GET', body }: Question = {},
): Promise<Response> {
  const headers = { cookie, accept: 'application/json', 'content-type': 'application/json' }
  return fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
}
