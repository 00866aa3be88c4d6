import { join } from 'node:path'
import { startMailCatcher } from '../services/mail-catcher.ts'
import { startServices } from '../services/services.ts'
import { checkPorts } from './check-ports.ts'
import { createAccounts, createProductClient } from './create-accounts.ts'
import { drawBanner } from './draw-banner.ts'
import { lockData } from './lock-data.ts'
import { readStartSettings, type StartSettings } from './read-start-settings.ts'
import { runningFile } from './running-file.ts'
import { say } from './say.ts'
import { serverEnvironments } from './server-environments.ts'
import { StartError } from './start-error.ts'
import { startServer } from './start-server.ts'
import { untilHealthy } from './until-healthy.ts'

/** Ends one part; called in the reverse order of starting. */
export type Stop = () => Promise<unknown>

type Start = {
  args: string[]
  /** Gets what ends each part, as parts start. */
  stops: Stop[]
  /** Ends at once whatever runs, or is being started, when aborted. */
  signal: AbortSignal
}

/**
 * Starts services and servers, then stays with them.
 *
 * @throws StartError when something is in the way, or a server ends
 */
export async function startConstellation({ args, stops, signal }: Start): Promise<never> {
  const settings = await readStartSettings({ args, env: process.env })
  await checkPorts(settings)
  stops.push(await lockData(settings.dataDir))
  const file = runningFile(settings.dataDir)
  await file.remove() // left by a start that was killed

  const services = await startNeeded({ ...settings, signal })
  stops.push(() => services.stop())

  const { dataDir } = settings
  const environments = serverEnvironments(settings, services)
  const place = { dataDir, env: environments.authServer, signal }
  const [accounts, productClient] = await Promise.all([
    ownUsers(environments.authServer) ? createAccounts(place) : [],
    createProductClient(place, audienceOf(settings)),
  ])
  const servers = await Promise.all([
    startServer({ name: 'auth-server', env: environments.authServer, signal }),
    startServer({ name: 'product-server', env: environments.productServer, signal }),
    startServer({ name: 'mail-worker', env: environments.mailWorker, signal }),
  ])
  stops.push(() => Promise.all(servers.map((server) => server.stop())))
  const someEnd = Promise.race(servers.map((server) => server.ended))
  await Promise.race([untilHealthy(settings), someEnd])

  stops.push(file.remove)
  const { mailbox } = services.smtp
  const { services: places, authServer: env } = environments
  await file.write({ ...settings, mailbox, services: places, accounts, productClient, env })
  say(drawBanner({ settings, mailbox, accounts }))
  return await someEnd
}

/** Whether the users are kept here, and not by a service of their own. */
function ownUsers(env: NodeJS.ProcessEnv): boolean {
  return !env.USER_DIRECTORY_URL && !env.USER_DIRECTORY_URL_FILE
}

/** What the product server is called in tokens. */
function audienceOf({ productUrl }: StartSettings): string {
  return productUrl.replace(/\/$/, '')
}

type Needed = Pick<StartSettings, 'dataDir' | 'env' | 'mailboxPort'> & { signal: AbortSignal }

async function startNeeded({ dataDir, env, mailboxPort, signal }: Needed) {
  const wanted = { names: ['mongo', 'redis', 'amqp'] as const, dataDir, env, log: say, signal }
  const [services, smtp] = await Promise.all([
    startServices(wanted),
    startMailCatcher({ dir: join(dataDir, 'mails'), webPort: mailboxPort, env, signal }),
  ]).catch((cause: unknown) => {
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause })
  })
  const { mongo, redis, amqp } = services
  say(`MongoDB: ${mongo.how}. Redis: ${redis.how}. RabbitMQ: ${amqp.how}. Mail: ${smtp.how}.`)
  const stop = () => Promise.all([services.stop(), smtp.stop()])
  return { mongo, redis, amqp, smtp, stop }
}
