import { join } from 'node:path'
import type { AppName } from '../apps/apps.ts'
import type { Bench } from './bench.ts'
import { cookiesOf, expectSuccess, httpText } from './http-text.ts'
import { load } from './load.ts'
import type { Answer } from './read-answer.ts'
import { type RunningServer, startServer } from './start-server.ts'

const SERVE_APP = join(import.meta.dirname, 'serve-app.ts')

// Latchkey's own prefix, so that its servers honour the sessions as well.
const PREFIXES: Partial<Record<AppName, string>> = { latchkey: 'sess:' }

/** Starts one of the small apps. Apps of one name share their sessions, if they store any. */
function startApp(name: AppName, { redisUrl }: Bench): Promise<RunningServer> {
  const PREFIX = PREFIXES[name] ?? `${name.replaceAll(/\W+/g, '-')}:`
  return startServer({ script: SERVE_APP, args: [name], env: { REDIS_URL: redisUrl, PREFIX } })
}

export type RunningApp = { name: AppName; server: RunningServer }

/** Runs the apps with those names for as long as `work` needs them. */
export async function withApps<Result>(
  names: readonly AppName[],
  bench: Bench,
  work: (apps: RunningApp[]) => Promise<Result>,
): Promise<Result> {
  const apps: RunningApp[] = []
  try {
    for (const name of names)
      // oxlint-disable-next-line no-await-in-loop
      apps.push({ name, server: await startApp(name, bench) })
    return await work(apps)
  } finally {
    await Promise.all(apps.map(({ server }) => server.stop()))
  }
}

/** Signs in that many times and returns the cookies of each session. */
export async function signIn({ port }: RunningServer, sessions: number): Promise<string[]> {
  const cookies: string[] = []
  const request = httpText({ method: 'POST', path: '/sign-in' })
  function script(last: Answer | undefined) {
    expectSuccess(last)
    if (last) cookies.push(cookiesOf(last))
    return cookies.length < sessions ? request : undefined
  }
  await load({ port, scripts: Array.from({ length: 10 }, () => script), seconds: 300 })
  if (cookies.length < sessions || cookies.includes('')) throw new Error('sign-ins failed')
  return cookies.slice(0, sessions)
}

/** `GET /me` with each of the cookies. */
export function askMe(cookies: readonly string[]): string[] {
  return cookies.map((cookie) => httpText({ path: '/me', headers: { Cookie: cookie } }))
}
