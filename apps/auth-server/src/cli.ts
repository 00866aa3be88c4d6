import { fileURLToPath } from 'node:url'
import { openCliContext } from './cli/cli-context.ts'
import { buildProgram } from './cli/commands/program.ts'
import { runCli } from './cli/run-cli.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cli = openCliContext({ env: process.env, root })
await runCli({
  program: buildProgram(cli),
  args: process.argv.slice(2),
  close: cli.close,
  env: process.env,
})
// An open handle in a client library must not hold up a script.
setTimeout(() => process.exit(), 1_000).unref()
