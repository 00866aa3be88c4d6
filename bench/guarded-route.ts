import autocannon from 'autocannon'
import type { Variant } from './app-under-test.ts'
import type { Bench } from './bench.ts'
import { median } from './median.ts'
import { signIn, startApp, type RunningApp } from './start-app.ts'

const VARIANTS: readonly Variant[] = ['ours', 'stock', 'open']
const ROUNDS = 4
const SECONDS = 2
const CONNECTIONS = 20

type Contestant = { app: RunningApp; headers: Record<string, string>; rates: number[] }

/** Requests a second of a guarded route, and the same route with nobody asked. */
export async function guardedRoute({ redisUrl, prefix, print }: Bench): Promise<void> {
  print(`A guarded route, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each\n`)
  const contestants = await Promise.all(
    VARIANTS.map(async (variant) => enter(await startApp(variant, { redisUrl, prefix }))),
  )
  for (const contestant of contestants) await load(contestant, 1)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contestant of contestants) contestant.rates.push(await load(contestant, SECONDS))
  }
  await Promise.all(contestants.map(({ app }) => app.stop()))
  report(contestants, print)
}

async function enter(app: RunningApp): Promise<Contestant> {
  return { app, headers: app.variant === 'open' ? {} : { cookie: await signIn(app) }, rates: [] }
}

async function load({ app, headers }: Contestant, duration: number): Promise<number> {
  const url = `${app.url}/me`
  const result = await autocannon({ url, headers, duration, connections: CONNECTIONS })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${app.variant} failed under load`)
  return result.requests.average
}

function report(contestants: Contestant[], print: Bench['print']): void {
  const medians = new Map(contestants.map(({ app, rates }) => [app.variant, median(rates)]))
  const [stock = 0, open = 0] = [medians.get('stock'), medians.get('open')]
  print('| app | requests/s, median | slowest, fastest round | to stock | to no auth |')
  print('| --- | --- | --- | --- | --- |')
  for (const { app, rates } of contestants) {
    const rate = median(rates)
    const range = `${Math.min(...rates).toFixed(0)}, ${Math.max(...rates).toFixed(0)}`
    const ratios = [rate / stock, rate / open].map((ratio) => ratio.toFixed(2)).join(' | ')
    print(`| ${app.variant} | ${rate.toFixed(0)} | ${range} | ${ratios} |`)
  }
}
