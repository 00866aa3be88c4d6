import { join } from 'node:path'
import type { Bench, Row, Table } from '../harness/bench.ts'
import { ms, ratio } from '../harness/format.ts'
import { cookiesOf, httpText, inTurn, type Script } from '../harness/http-text.ts'
import { askEach, type Load, load } from '../harness/load.ts'
import {
  type AuthServer,
  BCRYPT_COST,
  PASSWORD,
  startAuthServer,
} from '../harness/start-auth-server.ts'
import { type RunningServer, startServer } from '../harness/start-server.ts'
import { median, spread } from '../harness/statistics.ts'

const BARE_BCRYPT = join(import.meta.dirname, '..', 'harness', 'serve-bcrypt.ts')
const AT_ONCE = 16
/** A hash takes a quarter of a second, so a slice of the usual length would contain too few. */
const SECONDS = 8

type Measured = { ours: Load[]; bare: Load[]; idle: Load[]; meanwhile: Load[] }

export const signIn: Row = {
  title: 'Sign-in',
  about: `\`POST /login\` with a right password, ${AT_ONCE} at once on all cores, against a server that does nothing but compare with the same bcrypt hash (cost ${BCRYPT_COST}); and a guarded route of the same process, idle and meanwhile.`,
  async run(bench) {
    const auth = await startAuthServer(bench, { users: AT_ONCE, cores: 'all' })
    const bare = await startServer({ script: BARE_BCRYPT, cores: 'all' })
    try {
      return { tables: [tableOf(await measureAll(auth, bare, bench))] }
    } finally {
      await Promise.all([auth.stop(), bare.stop()])
    }
  },
}

async function measureAll(auth: AuthServer, bare: RunningServer, bench: Bench): Promise<Measured> {
  const measured: Measured = { ours: [], bare: [], idle: [], meanwhile: [] }
  const guarded = [inTurn([httpText({ path: '/session', headers: await sessionOf(auth) })])]
  const ask = (port: number, scripts: Script[], seconds: number) => load({ port, scripts, seconds })
  for (let round = 0; round < bench.rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    measured.bare.push(await ask(bare.port, comparing(), SECONDS))
    // oxlint-disable-next-line no-await-in-loop
    measured.idle.push(await ask(auth.port, guarded, bench.seconds))
    // oxlint-disable-next-line no-await-in-loop
    const [ours, meanwhile] = await Promise.all([
      ask(auth.port, signingIn(auth), SECONDS),
      ask(auth.port, guarded, SECONDS),
    ])
    measured.ours.push(ours)
    measured.meanwhile.push(meanwhile)
    bench.progress(`round ${round + 1} of ${bench.rounds}`)
  }
  return measured
}

function comparing(): Script[] {
  return Array.from({ length: AT_ONCE }, () => inTurn([httpText({ path: '/' })]))
}

/** Users sign in without a cookie, so each sign-in is a new one. */
function signingIn({ usernames }: AuthServer): Script[] {
  return usernames.map((username) =>
    inTurn([httpText({ path: '/login', json: { username, password: PASSWORD } })]),
  )
}

async function sessionOf({ port, usernames }: AuthServer): Promise<Record<string, string>> {
  const json = { username: usernames[0], password: PASSWORD }
  const answers = await askEach(port, [httpText({ path: '/login', json })])
  return { Cookie: answers.map(cookiesOf).join('; ') }
}

function tableOf({ ours, bare, idle, meanwhile }: Measured): Table {
  const ratios = (some: Load[], others: Load[], figure: 'rate' | 'p99') =>
    ratio(spread(some.map((one, round) => one[figure] / (others[round]?.[figure] ?? 0))))
  const rate = (loads: Load[]) => median(loads.map((one) => one.rate)).toFixed(1)
  const p99 = (loads: Load[]) => ms(median(loads.map((one) => one.p99)))
  return {
    title: 'Sign-ins, and a guarded route meanwhile',
    head: ['', 'Latchkey', 'compared with', 'ratio'],
    lines: [
      ['sign-ins a second', rate(ours), `${rate(bare)}, bare bcrypt`, ratios(ours, bare, 'rate')],
      [
        'guarded route, p99, ms',
        p99(meanwhile),
        `${p99(idle)}, idle`,
        ratios(meanwhile, idle, 'p99'),
      ],
    ],
  }
}
