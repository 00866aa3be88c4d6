import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keptPort } from './kept-port.ts'
import type { RunningService, Service } from './service.ts'

const secondsToAnswer = 60

/**
 * Starts a service's image and waits until its server answers. Data is kept in a volume named after
 * `dataDir`, which also keeps its port, or goes with the container if there is none. Testcontainers removes the container even if
 * this process dies.
 */
export async function startContainer(
  service: Service,
  dataDir: string | undefined,
): Promise<RunningService> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const { image } = service
  const container = new GenericContainer(image.name)
    .withExposedPorts(await exposedPort(service, dataDir))
    .withWaitStrategy(Wait.forListeningPorts())
  if (image.command) container.withCommand(image.command)
  if (dataDir !== undefined) {
    container.withBindMounts([{ source: volumeName(dataDir, service), target: image.dataFolder }])
  }
  const started = await container.start().catch((cause: unknown) => {
    throw new Error(`the container ${image.name} did not start: ${String(cause)}`, { cause })
  })
  const host = started.getHost()
  const port = started.getMappedPort(image.port)
  const stop = async () => {
    await started.stop()
  }
  const deadline = Date.now() + secondsToAnswer * 1000
  while (!(await service.answers(host, port))) {
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`the container ${image.name} does not answer`)
    }
    await sleep(100)
  }
  return { url: service.url(host, port), how: `container ${image.name}`, stop }
}

async function exposedPort({ image }: Service, dataDir: string | undefined) {
  if (dataDir === undefined) return image.port
  const host = await keptPort(join(dataDir, `${image.name.replace(':', '-')}.port`))
  return { container: image.port, host }
}

function volumeName(dataDir: string, service: Service): string {
  const place = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  return `sign-in-${place}-${service.image.name.replace(':', '-')}`
}
