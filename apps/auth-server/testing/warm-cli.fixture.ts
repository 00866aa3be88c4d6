import { fileURLToPath } from 'node:url'
import { openCliContext } from '../src/cli/cli-context.ts'
import { buildProgram } from '../src/cli/commands/program.ts'
import { runCli } from '../src/cli/run-cli.ts'

// The command line in a process that stays for the next command: to load its modules takes longer
// than most commands do. One after the other, since what goes to stdout is one command's answer.

export type Asked = { args: string[]; env: Record<string, string | undefined> }

/** What a command printed, and its exit code. */
export type Ran = { code: number | null; stdout: string; stderr: string }

const root = fileURLToPath(new URL('../../../', import.meta.url))
// Each command listens for errors of stdout, as though it were the only one.
process.stdout.setMaxListeners(0)

async function run({ args, env }: Asked): Promise<Ran> {
  const [stdout, stderr] = [caught(process.stdout), caught(process.stderr)]
  try {
    const cli = openCliContext({ env, root })
    await runCli({ program: buildProgram(cli), args, close: cli.close })
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.exitCode = 0
    stdout.letGo()
    stderr.letGo()
  }
}

/** Keeps what is written to a stream until it is let go. */
function caught(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream)
  let text = ''
  stream.write = (part: string | Uint8Array) => {
    text += String(part)
    return true
  }
  return { text: () => text, letGo: () => void (stream.write = write) }
}

let last: Promise<unknown> = Promise.resolve()
process.on('message', (asked: Asked) => {
  last = last.then(async () => process.send?.(await run(asked)))
})
