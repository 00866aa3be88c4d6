// `npm start` and `npm test` begin here, on Node 20 with nothing installed. This prepares the machine, then
// runs tools/<start or test>/main.ts on the workspace's own Node.
import { checkEnvironment } from './check-environment.mjs'
import { checkNode } from './check-node.mjs'
import { installPackages } from './install-packages.mjs'
import { installWorkspace } from './install-workspace.mjs'
import { lookAround } from './look-around.mjs'
import { runMain } from './run-main.mjs'
import { SetupError } from './setup-error.mjs'

const [command = 'start', ...args] = process.argv.slice(2)

try {
  checkNode(process.versions.node)
  checkEnvironment({ command, env: process.env })
  await installWorkspace()
  await installPackages(await lookAround({ command, env: process.env }))
  await runMain({ command, args })
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
