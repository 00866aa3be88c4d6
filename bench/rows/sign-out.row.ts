import type { Row, Table } from '../harness/bench.ts'
import { ms } from '../harness/format.ts'
import { httpText } from '../harness/http-text.ts'
import { load } from '../harness/load.ts'
import type { Answer } from '../harness/read-answer.ts'
import { askMe, signIn, withApps } from '../harness/start-app.ts'
import { quantile } from '../harness/statistics.ts'

const SIGN_OUTS_A_ROUND = 100
/** How long the other server may take to refuse the session. */
const SECONDS = 2

export const signOut: Row = {
  title: 'Sign-out, seen by another server',
  about:
    'From the answer of a sign-out to the last answer that another server gave for the session, asked over and over.',
  run: (bench) =>
    withApps(['latchkey', 'latchkey'], bench, async ([here, elsewhere]) => {
      if (!here || !elsewhere) throw new Error('two servers are needed')
      const ports = { here: here.server.port, elsewhere: elsewhere.server.port }
      const lags: number[] = []
      for (let round = 0; round < bench.rounds; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const cookies = await signIn(here.server, SIGN_OUTS_A_ROUND)
        for (const cookie of cookies)
          // oxlint-disable-next-line no-await-in-loop
          lags.push(await lagOf(cookie, ports))
        bench.progress(`round ${round + 1} of ${bench.rounds}`)
      }
      return { tables: [tableOf(lags)] }
    }),
}

/** 0 if the other server no longer honoured the session when the sign-out was answered. */
async function lagOf(cookie: string, ports: { here: number; elsewhere: number }): Promise<number> {
  let isHot = () => {}
  const hot = new Promise<void>((resolve) => (isHot = resolve))
  let honouredAt = 0
  const [request = ''] = askMe([cookie])
  function askUntilRefused(last: Answer | undefined) {
    if (last?.status === 401) return undefined
    if (last?.status === 200) {
      honouredAt = performance.now()
      isHot()
    }
    return request
  }
  const asking = load({ port: ports.elsewhere, scripts: [askUntilRefused], seconds: SECONDS })
  await Promise.race([hot, asking])
  const signedOutAt = await signOutAt(ports.here, cookie)
  await asking
  return Math.max(0, honouredAt - signedOutAt)
}

async function signOutAt(port: number, cookie: string): Promise<number> {
  const request = httpText({ method: 'POST', path: '/sign-out', headers: { Cookie: cookie } })
  let answeredAt = 0
  function ask(last: Answer | undefined) {
    if (!last) return request
    if (last.status >= 300) throw new Error(`the sign-out failed: ${last.status}`)
    answeredAt = performance.now()
    return undefined
  }
  await load({ port, scripts: [ask], seconds: SECONDS })
  return answeredAt
}

function tableOf(lags: number[]): Table {
  const sorted = Float64Array.from(lags).toSorted()
  const figures = [quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)]
  return {
    title: 'Milliseconds',
    head: ['sign-outs', 'p50', 'p99', 'most'],
    lines: [[String(lags.length), ...figures.map(ms)]],
  }
}
