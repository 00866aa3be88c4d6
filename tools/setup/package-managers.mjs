// By Debian's package name. Null means that there is no such package.
const managers = [
  { program: 'apt-get', install: 'sudo apt-get install', names: {} },
  {
    program: 'dnf',
    install: 'sudo dnf install',
    names: { 'redis-server': 'redis', 'golang-go': 'golang' },
  },
  {
    program: 'pacman',
    install: 'sudo pacman -S',
    names: { 'redis-server': 'redis', 'rabbitmq-server': 'rabbitmq', 'golang-go': 'go' },
  },
  {
    program: 'brew',
    install: 'brew install',
    names: {
      'redis-server': 'redis',
      'rabbitmq-server': 'rabbitmq',
      'golang-go': 'go',
      chromium: '--cask chromium',
    },
  },
]

/**
 * The command that installs the packages with this machine's package manager: the first one whose program
 * `has` finds, or the commands of all of them if it finds none.
 */
export function howToInstall(packages, has) {
  const here = managers.find(({ program }) => has(program))
  return (here ? [here] : managers).map(({ install, names }) => {
    const named = packages.map((name) => names[name] ?? name)
    // brew installs casks separately.
    const casks = named.filter((name) => name.startsWith('--cask'))
    const plain = named.filter((name) => !name.startsWith('--cask'))
    const commands = [plain.join(' '), ...casks].filter((words) => words !== '')
    return commands.map((words) => `${install} ${words}`).join(' && ')
  })
}
