import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { types } from 'node:util'
import type { Logger } from 'pino'
import { watchConnections } from './drain-server.ts'
import { isDraining, startDraining } from './draining.ts'

type ServerOptions = {
  app: RequestListener
  /** 0 takes any free port. */
  port: number
  logger: Logger
  /** Closes the connections to stores, once the last request is answered. */
  close: () => Promise<unknown>
  /** Milliseconds that a clean shutdown may take. */
  drainMs?: number
  /** Seconds that an idle connection stays open. Set it above the load balancer's own timeout. */
  keepAliveSeconds?: number
  /** Milliseconds in which a request must arrive completely, from its first byte. */
  receiveMs?: number
  /** A second port, only for the operator: see `operatorListener`. */
  operator?: { app: RequestListener; port: number } | undefined
}

/**
 * Serves `app` until a signal comes, answers the requests in flight, and exits. SIGTERM and SIGINT exit
 * with 0, or with 1 if `drainMs` is over. A second signal exits at once. An uncaught error, or a port
 * that is in use, exits with 1.
 *
 * @returns the port it listens on
 */
export async function runServer(options: ServerOptions): Promise<number> {
  const { app, port, logger, operator } = options
  const server = createServer(timeouts(options), app)
  const operatorServer = operator && createServer(timeouts(options), operator.app)
  const drains = [server, operatorServer].flatMap((each) => (each ? watchConnections(each) : []))
  const drain = () => Promise.all(drains.map((each) => each()))
  const end = endProcess({ ...options, drain })

  // If nobody reads the log any more, that is no reason to stop serving.
  process.stdout.on('error', () => undefined)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isDraining()) process.exit(1)
      logger.info({ signal }, 'ending')
      void end(0)
    })
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event)
      if (!isDraining()) void end(1)
    })

  const listenOrEnd = (each: Server, at: number) =>
    listen(each, at).catch(async (error: unknown) => {
      logger.fatal({ port: at }, cannotListen(at, error))
      await options.close().catch(() => undefined)
      process.exit(1)
    })
  if (operator && operatorServer) await listenOrEnd(operatorServer, operator.port)
  const actualPort = await listenOrEnd(server, port)
  logger.info({ port: actualPort }, 'listening')
  return actualPort
}

/** Node times idle connections separately: these limits apply to requests that are arriving. */
function timeouts({ keepAliveSeconds = 65, receiveMs = 20_000 }: ServerOptions) {
  return {
    keepAliveTimeout: keepAliveSeconds * 1_000,
    headersTimeout: receiveMs,
    requestTimeout: receiveMs,
    connectionsCheckingInterval: receiveMs / 10,
  }
}

type Ending = Pick<ServerOptions, 'logger' | 'close' | 'drainMs'> & {
  drain: () => Promise<unknown>
}

function endProcess({ logger, close, drain, drainMs = 10_000 }: Ending) {
  return async function end(exitCode: number): Promise<never> {
    startDraining()
    const deadline = sleep(drainMs).then(() => 'late')
    const outcome = await Promise.race([deadline, drainAndClose().catch((error: unknown) => error)])
    if (outcome === 'late') logger.error({ drainMs }, 'ended before everything was answered')
    else if (outcome !== undefined) logger.error({ err: outcome }, 'could not close cleanly')
    else logger.info('ended')
    process.exit(outcome === undefined ? exitCode : 1)
  }

  async function drainAndClose(): Promise<undefined> {
    await drain()
    await close()
  }
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo | string | null>()
  server.once('error', reject)
  server.listen(port, () => resolve(server.address()))
  const address = await promise
  server.removeListener('error', reject)
  return typeof address === 'object' && address !== null ? address.port : port
}

function cannotListen(port: number, error: unknown): string {
  const code = types.isNativeError(error) && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken: choose another, or stop the program that uses it.`
  if (code === 'EACCES') return `Port ${port} needs more rights: choose one above 1023.`
  const reason = error instanceof Error ? error.message : String(error)
  return `Cannot listen on port ${port}: ${reason}.`
}
