import { join, resolve } from 'node:path'
import {
  createSessionStore,
  openRedis,
  type RedisClient,
  type SessionStore,
} from 'auth-kit/session'
import { queues as queueNames } from 'mail-contract'
import { connectQueues, type MailQueues } from 'mail-delivery/queues'
import { Registry } from 'prom-client'
import { createLogger, type Logger } from 'service-kit'
import type { AuditRecords } from '../audit/audit-record.model.ts'
import type { Audit } from '../audit/create-audit.ts'
import { type OpenAudit, openAudit } from '../audit/open-audit.ts'
import { CliError } from './cli-error.ts'
import { findSystem, type System } from './find-system.ts'
import { untilRedisAnswers } from './wait-for-redis.ts'
import { type Config, readConfig } from '../config/config.ts'
import { inviteModel, type Invites } from '../accounts/invitations/invite.model.ts'
import { reservationModel, type Reservations } from '../accounts/reservations/reservation.model.ts'
import { type Blocks, blockModel } from '../sign-in/attempts/block.model.ts'
import { connectMongo, type MongoConnection } from '../storage/connect-mongo.ts'
import {
  ensureInviteIndexes,
  ensureReservationIndexes,
  ensureUserIndexes,
} from '../wiring/ensure-indexes.ts'
import { openTokenStores, type TokenStores } from '../wiring/open-stores.ts'
import { userModel, type Users } from '../users/user.model.ts'

/** The dependencies of commands: each is opened on first use and closed at the end. */
export type CliContext = ReturnType<typeof openCliContext>

type Options = {
  env: Record<string, string | undefined>
  /** The root folder of this repository. */
  root: string
}

/** Creates the dependencies of commands. Opens nothing yet. */
export function openCliContext({ env, root }: Options) {
  let dataDir = join(root, '.data')
  const closers: (() => Promise<unknown>)[] = []
  // Log lines are for servers; commands write to stderr.
  const logger: Logger = createLogger({ name: 'cli', level: 'silent', pretty: false })
  const system = once((): System => findSystem(env, dataDir))
  const config = once((): Config => {
    const found = readConfig(system().env)
    say(`Talking to ${nameOf(system(), found)}.`)
    return found
  })

  const mongo = once(async (): Promise<MongoConnection> => {
    const connection = await connectMongo(config().mongoUrl, { patienceMs: 60_000 }).catch(
      (cause: unknown) => {
        const message = `MongoDB does not answer at ${place(config().mongoUrl)}. Start the system with npm start, or point to another one with MONGO_URL.`
        throw new CliError({ code: 'mongo_away', message, cause })
      },
    )
    closers.push(() => connection.close())
    return connection
  })
  const users = once(async (): Promise<Users> => {
    const model = userModel(await mongo())
    await ensureUserIndexes(model)
    return model
  })
  const invites = once(async (): Promise<Invites> => {
    const model = inviteModel(await mongo())
    await ensureInviteIndexes(model)
    return model
  })
  const reservations = once(async (): Promise<Reservations> => {
    const model = reservationModel(await mongo())
    await ensureReservationIndexes(model)
    return model
  })
  const tokens = once(async (): Promise<TokenStores> => openTokenStores(await mongo()))
  const auditLog = once(async (): Promise<OpenAudit> => {
    const { auditDays } = config()
    const deps = { mongo: await mongo(), logger, registry: new Registry(), auditDays }
    const opened = await openAudit(deps)
    closers.push(async () => {
      const left = await opened.close()
      const records = left === 1 ? '1 audit record' : `${left} audit records`
      if (left > 0) say(`MongoDB did not store ${records} in time. They are lost.`)
    })
    return opened
  })
  const redis = once(async (): Promise<RedisClient> => {
    const client = openRedis(config().redisUrl, () => undefined)
    closers.push(async () => client.disconnect())
    await untilRedisAnswers(client, place(config().redisUrl))
    return client
  })
  const store = once(async (): Promise<SessionStore> => {
    const { sessionIdleDays: idleDays, sessionAbsoluteDays: absoluteDays } = config()
    const opened = createSessionStore({
      redis: await redis(),
      idleDays,
      absoluteDays,
      cache: false,
    })
    closers.push(() => opened.completeEnds())
    return opened
  })
  /** The queues that e-mails go through; undefined if the auth server sends them itself. */
  const queues = once((): MailQueues | undefined => {
    const { amqpUrl: url, mailQueuePrefix } = config()
    if (url === undefined) return undefined
    const names = queueNames(mailQueuePrefix)
    const connection = connectQueues({ url, names, onError: () => undefined })
    closers.push(() => connection.close())
    return connection
  })

  return {
    /** @param folder the data folder of `npm start`, if not `.data` */
    setDataDir: (folder: string) => void (dataDir = resolve(root, folder)),
    system,
    config,
    mongo,
    users,
    invites,
    reservations,
    tokens,
    redis,
    store,
    queues,
    logger,
    say,
    /** Records events as the servers do. */
    audit: async (): Promise<Audit> => (await auditLog()).audit,
    auditRecords: async (): Promise<AuditRecords> => (await auditLog()).auditRecords,
    blocks: async (): Promise<Blocks> => blockModel(await mongo()),

    /** @throws CliError if this setting of the auth server is missing here */
    need(setting: string): void {
      const { env: settings } = system()
      if (settings[setting] || settings[`${setting}_FILE`]) return
      const message = `${setting} is not set. Set it to the value that the auth server has.`
      throw new CliError({ code: 'setting_missing', message })
    },

    /** Closes in reverse order: later ones depend on earlier ones. */
    close: once(async (): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop
      for (const close of closers.toReversed()) await close().catch(() => undefined)
    }),
  }
}

/** Writes to stderr, for what is not the answer. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function nameOf({ running }: System, { mongoUrl, redisUrl }: Config): string {
  if (running) return `the system that npm start runs, ${running.authServer}`
  return `MongoDB at ${place(mongoUrl)} and Redis at ${place(redisUrl)} (from the environment)`
}

/** Host, port and database of a store's URL, without user name and password. */
function place(url: string): string {
  return url
    .replace(/^[^/]*\/\//, '')
    .replace(/^[^/]*@/, '')
    .replace(/\?.*$/s, '')
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
