import { fileURLToPath } from 'node:url'
import { openCliContext } from '../src/cli/cli-context.ts'
import { buildProgram } from '../src/cli/commands/program.ts'
import { runCli } from '../src/cli/run-cli.ts'

// The command line in a process that is reused for the next command: loading the modules takes longer
// than most commands. Commands run one after the other, because they share stdout.

export type Asked = { args: string[]; env: Record<string, string | undefined> }

/** The output of a command and its exit code. */
export type Ran = { code: number | null; stdout: string; stderr: string }

const root = fileURLToPath(new URL('../../../', import.meta.url))
// Each command adds a listener for errors of stdout, as if it were the only one.
process.stdout.setMaxListeners(0)

async function run({ args, env }: Asked): Promise<Ran> {
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)]
  try {
    const cli = openCliContext({ env, root })
    await runCli({ program: buildProgram(cli), args, close: cli.close, env })
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.exitCode = 0
    stdout.release()
    stderr.release()
  }
}

/** Collects everything written to a stream until it is released. */
function capture(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream)
  let text = ''
  stream.write = (part: string | Uint8Array) => {
    text += String(part)
    return true
  }
  return { text: () => text, release: () => void (stream.write = write) }
}

let last: Promise<unknown> = Promise.resolve()
process.on('message', (asked: Asked) => {
  last = last.then(async () => process.send?.(await run(asked)))
})
