import { fileURLToPath } from 'node:url'
import { openCliContext } from '../cli-context.ts'
import { buildProgram } from '../cli-program.ts'
import { explainFailure } from './explain-failure.ts'

// The command line in a process that stays for the next command: to load its modules takes longer
// than most commands do. One after the other, since what goes to stdout is one command's answer.

export type Asked = { args: string[]; env: Record<string, string | undefined> }
export type Answered = { code: number; stdout: string; message: string }

const root = fileURLToPath(new URL('../../../../', import.meta.url))

async function run({ args, env }: Asked): Promise<Answered> {
  const cli = openCliContext({ env, root })
  const write = process.stdout.write.bind(process.stdout)
  let stdout = ''
  process.stdout.write = (text: string | Uint8Array) => {
    stdout += String(text)
    return true
  }
  try {
    await buildProgram(cli).parseAsync(args, { from: 'user' })
    return { code: Number(process.exitCode ?? 0), stdout, message: '' }
  } catch (error) {
    const { exitCode, message } = explainFailure(error)
    return { code: exitCode, stdout, message }
  } finally {
    process.stdout.write = write
    process.exitCode = 0
    await cli.close()
  }
}

let last: Promise<unknown> = Promise.resolve()
process.on('message', (asked: Asked) => {
  last = last.then(async () => process.send?.(await run(asked)))
})
