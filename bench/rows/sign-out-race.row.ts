import { setTimeout as pause } from 'node:timers/promises'
import type { Row } from '../harness/bench.ts'
import { signIn, withApps } from '../harness/start-app.ts'

const APPS = ['latchkey', 'stock, node-redis'] as const
const RACES_A_ROUND = 60
const REQUESTS = 20

export const signOutRace: Row = {
  title: 'Sign-out is final',
  about: `A sign-out races ${REQUESTS} requests that change the session, each busy for up to 5 ms. Is the session honoured afterwards?`,
  run: (bench) =>
    withApps(APPS, bench, async (apps) => {
      const races = bench.rounds * RACES_A_ROUND
      const lines: string[][] = []
      for (const { name, server } of apps) {
        // oxlint-disable-next-line no-await-in-loop
        const cookies = await signIn(server, races)
        let honoured = 0
        for (const cookie of cookies)
          // oxlint-disable-next-line no-await-in-loop
          honoured += (await isHonouredAfterRace(server.port, cookie)) ? 1 : 0
        lines.push([name, `${honoured} of ${races}`])
        bench.progress(`${name}: ${honoured} of ${races}`)
      }
      return { tables: [{ title: 'Races', head: ['app', 'honoured after the sign-out'], lines }] }
    }),
}

async function isHonouredAfterRace(port: number, cookie: string): Promise<boolean> {
  const ask = async (method: string, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { cookie } })
    await answer.arrayBuffer()
    return answer.status
  }
  const changes = Array.from({ length: REQUESTS }, (_, at) => ask('POST', `/visits/${at}`))
  await pause(Math.random() * 10)
  const [signedOut] = await Promise.all([ask('POST', '/sign-out'), ...changes])
  if (signedOut !== 204) throw new Error(`the sign-out failed: ${signedOut}`)
  return (await ask('GET', '/me')) === 200
}
