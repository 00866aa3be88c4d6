import { fileURLToPath } from 'node:url'
import { isOnPath } from './is-on-path.mjs'
import { missingPackages } from './missing-packages.mjs'
import { howToInstall } from './package-managers.mjs'
import { runQuietly } from './run-quietly.mjs'
import { SetupError } from './setup-error.mjs'
import { showStep } from './show-step.mjs'

const script = fileURLToPath(new URL('apt-install.sh', import.meta.url))

/** Installs missing system packages if that is possible without asking; otherwise says which are missing. */
export async function installPackages(machine) {
  const missing = missingPackages(machine)
  if (missing.length === 0) return
  const advise = (why) => new SetupError(whatToInstall({ ...machine, missing, why }))
  const apt = await findApt(machine.env)
  if (apt.why) throw advise(apt.why)
  process.stdout.write(
    `Missing: ${missing.join(', ')}. Installing them with apt-get, as root. Their services are neither started nor enabled at boot.\n`,
  )
  const [command, ...args] = [...apt.asRoot, 'sh', script, ...missing]
  await showStep(`Installing ${missing.join(', ')}`, () => runQuietly(command, args)).catch(
    (error) => {
      throw advise(`apt-get failed:\n${error.message}`)
    },
  )
}

/** How to run a command as root without asking, or why that is impossible. */
async function findApt({ PATH }) {
  if (!isOnPath('apt-get', PATH)) return { why: 'this machine has no apt-get' }
  if (process.getuid?.() === 0) return { asRoot: [] }
  if (!isOnPath('sudo', PATH)) return { why: 'apt-get needs root, and there is no sudo' }
  const maySudo = await runQuietly('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  )
  return maySudo
    ? { asRoot: ['sudo', '-n'] }
    : { why: 'apt-get needs root, and sudo needs a password' }
}

const purposes = {
  'redis-server': 'Redis, for sessions; or name one with REDIS_URL',
  'rabbitmq-server': 'RabbitMQ, for e-mails; or name one with AMQP_URL',
  'golang-go':
    'Go (on Linux any version), to build a small MongoDB; or install mongod, or name one with MONGO_URL',
  chromium: 'a browser for the tests; or name another Chromium or Chrome with CHROMIUM_PATH',
}

/** What the user has to do before `command` can run, and why it was not done. */
export function whatToInstall({ missing, command, env, why, whyNoMongo }) {
  const width = Math.max(...missing.map((name) => name.length))
  const lines = howToInstall(missing, (program) => isOnPath(program, env.PATH))
  return [
    'Missing:',
    ...missing.map((name) => `  ${name.padEnd(width)}  ${purposes[name]}`),
    'Install them with:',
    ...lines.map((line) => `  ${line}`),
    ...(command === 'start' ? ['or start Docker. Then run this again.'] : ['Then run this again.']),
    '',
    `They were not installed automatically because ${why}.`,
    ...(whyNoMongo ? [`MongoDB was not downloaded: ${whyNoMongo}.`] : []),
  ].join('\n')
}
