import { setTimeout as pause } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { signIn, startApp, type RunningApp } from './start-app.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 300)
const REQUESTS = 20

/** A sign-out races 20 requests that change the session: is the session honoured afterwards? */
export async function signOutRace({ redisUrl, prefix, print }: Bench): Promise<void> {
  print(`Sign-out against ${REQUESTS} requests that change the session, ${ROUNDS} rounds each\n`)
  print('| app | signed out, and honoured afterwards |\n| --- | --- |')
  for (const variant of ['ours', 'stock'] as const) {
    const app = await startApp(variant, { redisUrl, prefix: `${prefix}${variant}:` })
    let honoured = 0
    for (let round = 0; round < ROUNDS; round += 1) honoured += (await race(app)) ? 1 : 0
    await app.stop()
    print(`| ${variant} | ${honoured} of ${ROUNDS} |`)
    if (variant === 'ours' && honoured > 0) process.exitCode = 1
  }
}

async function race(app: RunningApp): Promise<boolean> {
  const headers = { cookie: await signIn(app) }
  const post = async (path: string) => {
    const answer = await fetch(`${app.url}${path}`, { method: 'POST', headers })
    await answer.arrayBuffer()
    return answer.status
  }
  const changes = Array.from({ length: REQUESTS }, (_, at) => post(`/visits/${at}`))
  await pause(Math.random() * 10)
  const [signedOut] = await Promise.all([post('/sign-out'), ...changes])
  if (signedOut !== 204) throw new Error(`sign-out failed: ${signedOut}`)
  const after = await fetch(`${app.url}/me`, { headers })
  await after.arrayBuffer()
  return after.status === 200
}
