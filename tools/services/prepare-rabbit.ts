import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from './find-program.ts'
import type { LocalServer, Preparation } from './service.ts'

// Where Debian and Fedora keep the program itself. Their wrapper on PATH changes the user first.
const libraries = ['/usr/lib/rabbitmq/lib', '/usr/lib64/rabbitmq/lib']

// Its name service runs in its process group, so both end together. Otherwise it would stay as a daemon.
const script = 'epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" & exec "$0"'

/** A RabbitMQ that touches nothing outside its folder and no other node on this machine. */
export async function prepareRabbit({ env }: Preparation): Promise<LocalServer> {
  const program = await findRabbit(env)
  if (program === undefined) {
    throw new Error(
      'No RabbitMQ: install rabbitmq-server (apt or dnf install rabbitmq-server, brew install rabbitmq), or set AMQP_URL.',
    )
  }
  return {
    name: 'rabbitmq-server',
    dataFolder: 'rabbitmq',
    command: ({ dir, port }) => ['env', ...settingsOf(dir, port), 'sh', '-c', script, program],
  }
}

async function findRabbit(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const inLibraries = await Promise.all(libraries.map(findIn))
  const found = inLibraries.find((program) => program !== undefined)
  return found ?? (await findProgram(['rabbitmq-server'], env))
}

async function findIn(library: string): Promise<string | undefined> {
  const versions = await readdir(library).catch(() => [])
  const newest = versions.filter((name) => name.startsWith('rabbitmq_server-')).at(-1)
  return newest && join(library, newest, 'sbin', 'rabbitmq-server')
}

function settingsOf(dir: string, port: number): string[] {
  const inside = (file: string) => join(dir, file)
  const settings = {
    HOME: dir,
    // No shell in between, so signals reach the server itself.
    RUNNING_UNDER_SYSTEMD: '1',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // The same at every start, whatever the port, because a node finds its data by its name.
    RABBITMQ_NODENAME: 'rabbit@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: port,
    RABBITMQ_DIST_PORT: portBeside(port, 1),
    RABBITMQ_MNESIA_BASE: inside('mnesia'),
    RABBITMQ_LOG_BASE: inside('log'),
    RABBITMQ_PID_FILE: inside('pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: inside('enabled_plugins'),
    RABBITMQ_CONFIG_FILE: inside('rabbitmq'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} -setcookie own-${port}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: portBeside(port, 2),
  }
  return Object.entries(settings).map(([setting, value]) => `${setting}=${value}`)
}

// Usually below the ports that the system assigns.
function portBeside(port: number, offset: number): number {
  return 10_000 + ((port * 2 + offset) % 20_000)
}
