import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os'

/** The server under test has the first core. Load, stores and everything else share the others. */
const SERVER_CORE = '0'

/** Whether processes can be pinned to cores here: `taskset` exists only on Linux. */
export const canPin = availableParallelism() > 1 && hasTaskset()

/** Pins this process, and all that it starts from now on, to all cores except the server's. */
export function leaveServerCore(): void {
  if (!canPin) return
  const others = `1-${availableParallelism() - 1}`
  execFileSync('taskset', ['-acp', others, String(process.pid)], { stdio: 'ignore' })
}

/** The command that runs Node on the server's core, or on every core. */
export function nodeCommand(cores: 'own' | 'all'): [string, ...string[]] {
  if (!canPin) return [process.execPath]
  const list = cores === 'own' ? SERVER_CORE : `0-${availableParallelism() - 1}`
  return ['taskset', '-c', list, process.execPath]
}

/** What kind of machine this is, without a name. */
export function describeMachine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const pinned = canPin
    ? 'server and load on separate cores'
    : 'server and load not pinned to cores'
  return [
    `${cpus().length} cores (${cpu?.model ?? 'unknown'})`,
    `${memory} GiB`,
    `${platform()} ${release().split('-')[0]}`,
    `Node ${process.versions.node}`,
    pinned,
  ].join(', ')
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
