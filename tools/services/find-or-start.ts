import { join } from 'node:path'
import { dockerAnswers } from '../setup/docker-answers.mjs'
import { runLocalServer } from './run-local-server.ts'
import type { Log, RunningService, Service } from './service.ts'
import { startContainer } from './start-container.ts'

type Surroundings = {
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal | undefined
  /** For a container's data; without it they go with the container. */
  dataDir?: string | undefined
  /** For a local server's data. */
  localDir: string
}

const stopNothing = async (): Promise<void> => {}

/** Finds a service or starts it, in the order that `startServices` tells. */
export async function findOrStart(
  service: Service,
  surroundings: Surroundings,
): Promise<RunningService> {
  const { setting, usualPort } = service
  const { env, dataDir } = surroundings
  const given = env[setting]
  if (given) return { url: given, how: `from ${setting}`, stop: stopNothing }

  if (env.SERVICES === 'docker') return startContainer(service, dataDir)
  if (env.SERVICES === 'local') return startLocally(service, surroundings)
  if (env.SERVICES) throw new Error(`SERVICES is docker or local, not ${env.SERVICES}`)

  if (await service.answers('127.0.0.1', usualPort)) {
    const url = service.url('127.0.0.1', usualPort)
    return { url, how: `found on port ${usualPort}`, stop: stopNothing }
  }
  const container = (await dockerAnswers(env)) && (await tryContainer(service, surroundings))
  return container || startLocally(service, surroundings)
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
    // An engine that cannot get the image is as good as none.
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
  const { url, child } = await runLocalServer({ service, server, dir, signal })
  return { url, how: `${server.name}, process ${child.pid}`, stop: () => child.stop() }
}
