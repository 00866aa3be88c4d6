import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Variant } from './app-under-test.ts'

export type RunningApp = { variant: Variant; url: string; stop(): Promise<void> }

/** Starts one of the apps in a process of its own. */
export async function startApp(
  variant: Variant,
  { redisUrl, prefix }: { redisUrl: string; prefix: string },
): Promise<RunningApp> {
  const script = join(import.meta.dirname, 'serve-app.ts')
  const child = fork(script, [variant, redisUrl, prefix], {
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: ['-C', 'source'],
  })
  const [message]: unknown[] = await Promise.race([once(child, 'message'), failure(child)])
  return {
    variant,
    url: `http://127.0.0.1:${portIn(message)}`,
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function failure(child: ReturnType<typeof fork>): Promise<never> {
  await once(child, 'exit')
  throw new Error('an app under test did not start')
}

function portIn(message: unknown): number {
  const isAddress = typeof message === 'object' && message !== null && 'port' in message
  return isAddress ? Number(message.port) : 0
}

/** Signs in and gives the cookie for further requests. */
export async function signIn({ url }: RunningApp): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, { method: 'POST' })
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  if (!answer.ok || !cookie) throw new Error(`sign-in failed: ${answer.status}`)
  return cookie
}
