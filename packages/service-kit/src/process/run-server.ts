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
  /** Gives back connections to stores, once the last request is answered. */
  close: () => Promise<unknown>
  /** How long a clean end may take, in milliseconds. */
  drainMs?: number
  /** Seconds that an idle connection stays open: more than the load balancer in front keeps it. */
  keepAliveSeconds?: number
  /** Milliseconds in which a whole request has to arrive, counted from its first byte. */
  receiveMs?: number
  /** A second port, for the operator alone: see `operatorApp`. */
  operator?: { app: RequestListener; port: number } | undefined
}

/**
 * Serves `app` until the process is told to end, and then ends the process: every request under way
 * is answered first. SIGTERM and SIGINT end it with 0 (1 when `drainMs` is over), a second signal at
 * once; an error that nobody caught, or a port that is taken, ends it with 1.
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

  // The reader of the log has gone: no reason to stop serving, and nowhere to say so.
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

/** Node counts an idle connection apart: only what is being received has to hurry. */
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
    else if (outcome !== undefined) logger.error({ err: outcome }, 'could not close in order')
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
  if (code === 'EADDRINUSE') return `Port ${port} is taken: choose another, or end what uses it.`
  if (code === 'EACCES') return `Port ${port} needs more rights: choose one above 1023.`
  const reason = error instanceof Error ? error.message : String(error)
  return `Cannot listen on port ${port}: ${reason}.`
}
