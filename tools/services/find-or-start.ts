import { join } from 'node:path'
import { dockerAnswers } from '../setup/docker-answers.mjs'
import { keepRunning } from './keep-running.ts'
import { keptPort } from './kept-port.ts'
import { runLocalServer } from './run-local-server.ts'
import type { Log, RunningService, Service } from './service.ts'
import { startContainer } from './start-container.ts'

type Surroundings = {
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal | undefined
  /** The volume for a container's data. Without it, the data goes with the container. */
  dataDir?: string | undefined
  /** The folder for a local server's data. */
  localDir: string
  /** Identifies this installation in a shared server. */
  namespace: string
}

const stopNothing = async (): Promise<void> => {}

/** Finds a service or starts it, in the order that `startServices` documents. */
export async function findOrStart(
  service: Service,
  surroundings: Surroundings,
): Promise<RunningService> {
  const { setting } = service
  const { env, dataDir } = surroundings
  const given = env[setting]
  if (given) return useGiven(service, given)

  if (env.SERVICES === 'docker') return startContainer(service, dataDir)
  if (env.SERVICES === 'local') return startLocally(service, surroundings)
  if (env.SERVICES && env.SERVICES !== 'found')
    throw new Error(`SERVICES must be local, docker or found, not ${env.SERVICES}.`)

  const found = env.SERVICES === 'found' && (await useFound(service, surroundings))
  if (found) return found
  const container = (await dockerAnswers(env)) && (await tryContainer(service, surroundings))
  return container || startLocally(service, surroundings)
}

async function useGiven(service: Service, url: string): Promise<RunningService> {
  const { setting } = service
  await service.reach(url).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${setting} names a server that cannot be used: ${reason}`, { cause })
  })
  return { url, how: `from ${setting}`, stop: stopNothing }
}

async function useFound(
  service: Service,
  { namespace }: Surroundings,
): Promise<RunningService | undefined> {
  const { usualPort } = service
  if (!(await service.answers('127.0.0.1', usualPort))) return undefined
  const share = await service.share(service.url('127.0.0.1', usualPort), namespace)
  return { ...share, how: `found on port ${usualPort}`, stop: stopNothing }
}

async function tryContainer(
  service: Service,
  { log, dataDir }: Surroundings,
): Promise<RunningService | undefined> {
  const { name } = service.image
  log(`${name}: starting a container`)
  try {
    return await startContainer(service, dataDir)
  } catch (error) {
    // An engine that cannot get the image is of no use.
    log(`${String(error)}; starting a process instead`)
    return undefined
  }
}

async function startLocally(
  service: Service,
  { env, log, signal, localDir }: Surroundings,
): Promise<RunningService> {
  const server = await service.prepareLocalServer({ env, log, signal })
  const dir = join(localDir, server.dataFolder)
  const port = await keptPort(`${dir}.port`)
  const { pid, failed, stop } = await keepRunning({
    name: service.label,
    run: async (ending) =>
      (await runLocalServer({ service, server, dir, port, signal: ending })).child,
    log,
    signal,
  })
  const url = service.url('127.0.0.1', port)
  return { url, how: `${server.name}, process ${pid}`, failed, stop }
}
