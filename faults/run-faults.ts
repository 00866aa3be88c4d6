import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, type Status } from './ask.ts'
import { checkPeople, type Findings, settleUnknown } from './check-people.ts'
import { countQueued } from './count-queued.ts'
import { openHistory, type History } from './history.ts'
import { seededRandom } from './seeded-random.ts'
import { invitePeople, outcomeOf, type Person, signUpAll } from './sign-up.ts'
import { startSystem, type System } from './start-system.ts'
import type { Stage, Trial } from './trial.ts'
import { waitUntil } from './wait-until.ts'

/** One line of the table. */
export type Row = Findings &
  Pick<Trial, 'ids' | 'fault' | 'moment' | 'planned'> & { observed: number }

export type Report = {
  seed: number
  historyPath: string
  rows: Row[]
  workerDeaths: number
  /** Why the run failed; empty if it passed. */
  problems: string[]
}

type Played = { trial: Trial; people: Person[]; observed: number; problems: string[] }

type Plan = {
  seed: number
  trials: readonly Trial[]
  /** False if only a few trials were chosen: then there may be no unknown outcomes. */
  isWhole: boolean
  folder: string
  say: (line: string) => void
}

// An e-mail arrives within 60 s of the broker's return (F10), a sweep comes within 30 s of a death (F13).
const mailPatienceMs = 90_000
const recoveryMs = 30_000

/** Runs the trials one after the other on one system, and checks them all once it has settled. */
export async function runFaults(plan: Plan): Promise<Report> {
  const { seed, trials, isWhole, folder, say } = plan
  const history = openHistory(folder)
  history.record({ what: 'begins', seed, trials: trials.length })
  const random = seededRandom(seed)
  const system = await startSystem(history)
  const deps = { system, history }
  const deaths: number[] = []
  try {
    const played: Played[] = []
    for (const trial of trials) {
      say(`${trial.ids}: ${trial.fault}, ${trial.moment}`)
      played.push(await play(trial, { ...deps, random, deaths }))
    }
    const rows: Row[] = []
    const settled = []
    for (const { people } of played) settled.push(await settleUnknown(deps, people))
    const waiting = await awaitMails(
      system,
      played.flatMap(({ people }) => people),
    )
    for (const [index, { trial, people, observed, problems }] of played.entries()) {
      const checked = await checkPeople(deps, { people, workerDeaths: deaths })
      const { ids, fault, moment, planned } = trial
      const first = settled[index] ?? { ok: 0, failed: 0, unknown: 0, unknownDone: 0, problems: [] }
      rows.push({
        ids,
        fault,
        moment,
        planned,
        observed,
        ...first,
        ...checked,
        problems: [...problems, ...first.problems, ...checked.problems],
      })
    }
    const mustDoubt = isWhole && trials.some(({ maySee }) => maySee.includes('cut'))
    return reportOf({ seed, mustDoubt, history, rows, deaths, waiting })
  } finally {
    await system.stop()
  }
}

type PlayDeps = Pick<Stage, 'system' | 'random' | 'history'> & { deaths: number[] }

async function play(trial: Trial, { deaths, ...deps }: PlayDeps): Promise<Played> {
  const { history, system } = deps
  const played: Played = { trial, people: [], observed: 0, problems: [] }
  history.record({ what: 'trial', fault: trial.fault, moment: trial.moment })
  const before = countOtherFailures(history)
  await trial.run({
    ...deps,
    async signUp(count) {
      const people = await invitePeople(system, { count })
      played.people.push(...people)
      return { people, done: signUpAll(system, people, { history }) }
    },
    count: (people) => void played.people.push(...people),
    observed(what) {
      played.observed += 1
      history.record({ what: 'fault', fault: trial.fault, moment: trial.moment, seen: what })
    },
    workerDied: () => void deaths.push(performance.now()),
    problem: (text) => void played.problems.push(text),
  })
  if (!(await isReady(system, recoveryMs))) {
    played.problems.push('auth-server did not recover on its own')
    await system.auth.revive()
  }
  // On a busy machine MongoDB or Redis may be slow, which is not the fault of this trial.
  const late: Status[] = countOtherFailures(history) === before ? [503] : []
  for (const { username, status } of played.people)
    if (status === undefined || (status !== 202 && ![...trial.maySee, ...late].includes(status)))
      played.problems.push(`${username} was answered ${status}`)
  return played
}

/** Sign-ups that auth-server answered with 500 or 503 for a reason other than a slow store. */
function countOtherFailures({ folder }: History): number {
  const lines = readFileSync(join(folder, 'auth-server.log'), 'utf8').split('\n')
  const store = /Mongo|sessions_unavailable/
  return lines.filter((line) => /POST \/signup 50\d/.test(line) && !store.test(line)).length
}

async function isReady({ auth }: System, patienceMs: number): Promise<boolean> {
  return await waitUntil(
    async () => (await ask(`${auth.origin}/readyz`)).status === 200,
    patienceMs,
  )
}

/** Waits until everyone has an e-mail and nothing waits to be sent. Returns what still waits. */
async function awaitMails(system: System, people: readonly Person[]): Promise<string[]> {
  const expected = people.filter(({ status }) => outcomeOf(status) !== 'failed')
  const lacking = () => expected.filter(({ email }) => system.smtp.copies(email).length === 0)
  await waitUntil(
    async () => lacking().length === 0 && (await countQueued(system)) === 0,
    mailPatienceMs,
  )
  const left = await countQueued(system)
  return left === 0 ? [] : [`${left} users still have an e-mail in their outbox`]
}

type Found = {
  seed: number
  mustDoubt: boolean
  history: History
  rows: Row[]
  deaths: number[]
  waiting: string[]
}

function reportOf({ seed, mustDoubt, history, rows, deaths, waiting }: Found): Report {
  const unknown = rows.reduce((sum, row) => sum + row.unknown, 0)
  const problems = [...waiting]
  for (const row of rows) {
    const name = `${row.ids} ${row.fault}, ${row.moment}`
    problems.push(...row.problems.map((problem) => `${name}: ${problem}`))
    if (row.observed < row.planned)
      problems.push(`${name}: ${row.observed} of ${row.planned} faults were seen`)
  }
  const byDeath = rows.reduce((sum, row) => sum + row.byDeath, 0)
  if (byDeath > deaths.length)
    problems.push(`${byDeath} e-mails arrived twice for ${deaths.length} dead workers`)
  if (mustDoubt && unknown === 0) problems.push('no outcome was unknown: the faults hit nothing')
  history.record({ what: 'ends', problems })
  return { seed, historyPath: history.path, rows, workerDeaths: deaths.length, problems }
}
