import { join } from 'node:path'
import { startMailCatcher } from '../services/mail-catcher.ts'
import { startServices } from '../services/services.ts'
import { checkPorts } from './check-ports.ts'
import { createAccounts, createProductClient, type ProductClient } from './create-accounts.ts'
import { drawBanner } from './draw-banner.ts'
import { lockData } from './lock-data.ts'
import { readStartSettings, type StartSettings } from './read-start-settings.ts'
import { runningFile } from './running-file.ts'
import { say } from './say.ts'
import { serverEnvironments } from './server-environments.ts'
import { StartError } from './start-error.ts'
import { startServer } from './start-server.ts'
import { untilReady } from './until-ready.ts'

/** Stops one part. These are called in the reverse order of starting. */
export type Stop = () => Promise<unknown>

type Start = {
  args: string[]
  /** Collects the functions that stop each part. */
  stops: Stop[]
  /** Stops everything that runs or is being started when aborted. */
  signal: AbortSignal
}

/**
 * Starts services and servers, and watches them.
 *
 * @throws StartError if they cannot start, or a part ends and does not come back
 */
export async function startConstellation({ args, stops, signal }: Start): Promise<never> {
  const settings = await readStartSettings({ args, env: process.env })
  stops.push(await lockData(settings.dataDir))
  await checkPorts(settings)
  const file = runningFile(settings.dataDir)
  await file.remove() // a killed start may have left it

  const services = await startNeeded({ ...settings, signal })
  stops.push(() => services.stop())

  const { dataDir } = settings
  const environments = serverEnvironments(settings, services)
  const place = { dataDir, env: environments.authServer, signal }
  const [accounts, productClient] = await Promise.all([
    ownUsers(environments.authServer) ? createAccounts(place) : [],
    createProductClient(place, audienceOf(settings)),
  ])
  const servers = await startServers({ settings, environments, productClient, stops, signal })
  const someFail = Promise.race([services.failed, ...servers.map((server) => server.failed)])
  await Promise.race([untilReady(settings.authServer), someFail])

  stops.push(file.remove)
  const { mailbox } = services.smtp
  const { services: places, authServer: env } = environments
  await file.write({ ...settings, mailbox, services: places, accounts, productClient, env })
  say(drawBanner({ settings, mailbox, accounts }))
  return await someFail.catch((cause: unknown) => {
    throw new StartError(messageOf(cause), { cause })
  })
}

/** Whether users are kept here, not in a user service. */
function ownUsers(env: NodeJS.ProcessEnv): boolean {
  return !env.USER_DIRECTORY_URL && !env.USER_DIRECTORY_URL_FILE
}

/** The product server's audience in tokens. */
function audienceOf({ productUrl }: StartSettings): string {
  return productUrl.replace(/\/$/, '')
}

type Needed = Pick<StartSettings, 'dataDir' | 'namespace' | 'env' | 'mailboxPort'> & {
  signal: AbortSignal
}

async function startNeeded({ dataDir, namespace, env, mailboxPort, signal }: Needed) {
  const names = ['mongo', 'redis', 'amqp'] as const
  const wanted = { names, dataDir, namespace, env, log: say, signal }
  const [services, smtp] = await Promise.all([
    startServices(wanted),
    startMailCatcher({ dir: join(dataDir, 'mails'), webPort: mailboxPort, env, log: say, signal }),
  ]).catch((cause: unknown) => {
    throw new StartError(messageOf(cause), { cause })
  })
  const { mongo, redis, amqp } = services
  say(`MongoDB: ${mongo.how}. Redis: ${redis.how}. RabbitMQ: ${amqp.how}. Mail: ${smtp.how}.`)
  const failed = Promise.race([services.failed, ...(smtp.failed ? [smtp.failed] : [])])
  const stop = () => Promise.all([services.stop(), smtp.stop()])
  return { mongo, redis, amqp, smtp, failed, stop }
}

type Servers = {
  settings: StartSettings
  environments: ReturnType<typeof serverEnvironments>
  productClient: ProductClient
  stops: Stop[]
  signal: AbortSignal
}

async function startServers({ settings, environments, productClient, stops, signal }: Servers) {
  const { authServer, productServer, workerPort } = settings
  const productEnv = { TOKEN_AUDIENCE: productClient.audience, ...environments.productServer }
  const mailWorker = `http://127.0.0.1:${workerPort}`
  const starting = [
    { name: 'auth-server', address: authServer, env: environments.authServer },
    { name: 'product-server', address: productServer, env: productEnv },
    { name: 'mail-worker', address: mailWorker, env: environments.mailWorker },
  ] as const
  const started = starting.map((server) => startServer({ ...server, signal }))
  stops.push(async () => {
    const settled = await Promise.allSettled(started)
    const running = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(running.map((server) => server.stop()))
  })
  return await Promise.all(started)
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
