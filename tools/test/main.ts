import { fileURLToPath } from 'node:url'
import { startServices } from '../services/services.ts'
import { checkCode } from './check-code.ts'
import { runJest } from './run-jest.ts'
import { testsOfChanges } from './tests-of-changes.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** `npm test`: the suite, on CI after `pnpm check`. Prints the result last and returns the exit code. */
async function main(given: string[]): Promise<number> {
  const args = await chosen(given)
  if (!args) return 0
  const failedChecks = process.env.CI ? await checkCode(say) : 0
  const tests = await runSuite(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return { passed: 0, failed: 1 }
  })
  const failed = failedChecks + tests.failed
  say(`${tests.passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** With `--changed`, the tests closest to what changed, or null if there are none. */
async function chosen(args: string[]): Promise<string[] | null> {
  if (!args.includes('--changed')) return args
  const tests = await testsOfChanges(fileURLToPath(new URL('../../', import.meta.url)))
  say(
    tests.length > 0
      ? `Changed since main, so running:\n${tests.join('\n')}`
      : 'No test is near what changed.',
  )
  return tests.length > 0
    ? [...args.filter((arg) => arg !== '--changed'), '--runTestsByPath', ...tests]
    : null
}

async function runSuite(args: string[]) {
  const { env } = process
  const names = ['mongo', 'redis', 'amqp'] as const
  const services = await startServices({ names, namespace: 'tests', env, log: say })
  const { mongo, redis, amqp } = services
  say(`MongoDB: ${mongo.how}. Redis: ${redis.how}. RabbitMQ: ${amqp.how}.`)
  try {
    return await runJest(args, {
      ...env,
      MONGO_URL: mongo.url,
      REDIS_URL: redis.url,
      AMQP_URL: amqp.url,
    })
  } finally {
    await services.stop()
  }
}

process.exit(await main(process.argv.slice(2)))
