import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { serve } from '../../../tools/testing/token-issuer.ts'

/** The result of an invocation. API Gateway reads the `errorMessage` of an `error`. */
type Outcome = { answer: unknown } | { error: unknown }

/**
 * For tests: runs a function in its own process and drives it like Lambda, through the runtime API
 * (AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes").
 */
export async function startLambda({
  folder,
  env,
}: {
  folder: string
  env: Record<string, string>
}) {
  const waiting: { event: unknown; done: (outcome: Outcome) => void }[] = []
  let asking: ServerResponse | undefined
  let running: ((outcome: Outcome) => void) | undefined
  let id = 0

  function handOver(): void {
    const next = asking && waiting.shift()
    if (!asking || !next) return
    id += 1
    running = next.done
    asking.setHeader('Lambda-Runtime-Aws-Request-Id', `request-${id}`)
    asking.setHeader('Lambda-Runtime-Deadline-Ms', Date.now() + 3000)
    asking.end(JSON.stringify(next.event))
    asking = undefined
  }

  async function receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await json(req)
    res.writeHead(202).end()
    const isError = req.url?.endsWith('/error') === true
    running?.(isError ? { error: body } : { answer: body })
  }

  const api = await serve((req, res) => {
    if (req.method === 'POST') return void receive(req, res)
    asking = res
    return handOver()
  })
  const started = new Promise<Outcome>((resolve) => (running = resolve))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bootstrap.fixture.mjs')], {
    env: {
      ...env,
      AWS_LAMBDA_RUNTIME_API: new URL(api.url).host,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'main.handler',
    },
    stdio: 'inherit',
  })
  child.unref()

  return {
    /** Resolves with the error if the function cannot start. */
    failure: started,
    invoke: (event: unknown) =>
      new Promise<Outcome>((done) => {
        waiting.push({ event, done })
        handOver()
      }),
    async stop() {
      if (child.exitCode === null && child.kill()) await once(child, 'exit')
      await api.stop()
    },
  }
}
