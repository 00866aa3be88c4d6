import { missingPackages } from './missing-packages.mjs'
import { runQuietly } from './run-quietly.mjs'
import { SetupError } from './setup-error.mjs'
import { showStep } from './show-step.mjs'

/** Installs the system's packages that are missing, where that may be done unasked; else says which. */
export async function installPackages(machine) {
  const missing = missingPackages(machine)
  if (missing.length === 0) return
  const apt = await findApt()
  const advice = whatToInstall(missing, machine.command)
  if (!apt) throw new SetupError(advice)
  await showStep(`Installing ${missing.join(' and ')}`, () => aptInstall(apt, missing)).catch(
    (error) => {
      throw new SetupError(`${error.message}\n\n${advice}`)
    },
  )
}

/** The command line that apt-get may be run with unasked, or undefined. */
async function findApt() {
  if (!(await succeeds('apt-get', ['--version']))) return undefined
  if (process.getuid?.() === 0) return ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  return (await succeeds('sudo', ['-n', 'true']))
    ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
    : undefined
}

function succeeds(command, args) {
  return runQuietly(command, args).then(
    () => true,
    () => false,
  )
}

async function aptInstall([command, ...args], packages) {
  const install = () =>
    runQuietly(command, [...args, 'install', '--yes', '--no-install-recommends', ...packages])
  // A machine's package lists may be absent or old: fetched only when it does not go without.
  await install().catch(async () => {
    await runQuietly(command, [...args, 'update'])
    await install()
  })
}

const otherNames = {
  dnf: { 'redis-server': 'redis' },
  brew: { 'redis-server': 'redis', 'rabbitmq-server': 'rabbitmq', chromium: '--cask chromium' },
}

/** What somebody has to type, by package manager, before `command` can run. */
export function whatToInstall(packages, command) {
  const named = (manager) => packages.map((name) => otherNames[manager][name] ?? name)
  return [
    `Not installed, and needed here: ${packages.join(', ')}. Please install, then run this again:`,
    `  Debian, Ubuntu   sudo apt-get install ${packages.join(' ')}`,
    `  Fedora           sudo dnf install ${named('dnf').join(' ')}`,
    `  macOS            ${named('brew')
      .map((name) => `brew install ${name}`)
      .join(' && ')}`,
    ...(command === 'start' ? ['Or start Docker, or set REDIS_URL and AMQP_URL.'] : []),
    ...(packages.includes('chromium') ? ['Another Chromium or Chrome: set CHROMIUM_PATH.'] : []),
  ].join('\n')
}
