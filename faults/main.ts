import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { drawTable, sumUp } from './draw-table.ts'
import { longPlan, shortPlan } from './plan-trials.ts'
import { type Report, runFaults } from './run-faults.ts'
import { rabbitIsAway } from './trials/rabbit.trials.ts'
import { seededRandom } from './seeded-random.ts'
import type { Trial } from './trial.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/**
 * `pnpm test:faults`: runs the short form, or with `--long` the numbers of the promises. `--only <words>`
 * keeps the trials whose promise, fault or moment contains these words, `--seed` repeats the moments of an
 * earlier run, and `--from <leg>` resumes an interrupted one. Returns the exit code.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      long: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      from: { type: 'string', default: '1' },
    },
  })
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
  const plan = values.long ? longPlan() : [shortPlan(seededRandom(seed))]
  const isWhole = values.only === ''
  const legs = isWhole ? plan : plan.flatMap((trials) => chosenOf(trials, values.only))
  const reports: Report[] = []
  for (const [index, trials] of legs.entries()) {
    if (index + 1 < Number(values.from)) continue
    const folder = join(root, '.data/faults', `${seed}-${Date.now()}`)
    say(`leg ${index + 1} of ${legs.length}: seed ${seed + index}, ${trials.length} trials`)
    // One after the other, because they share this machine.
    // oxlint-disable-next-line no-await-in-loop
    const report = await runFaults({ seed: seed + index, trials, isWhole, folder, say })
    say(`\n${drawTable(report)}\n`)
    reports.push(report)
  }
  say(`in all: ${sumUp(reports)}`)
  return reports.every(({ problems }) => problems.length === 0) ? 0 : 1
}

/** A leg with only the chosen trials, if there are any. */
function chosenOf(leg: Trial[], words: string): Trial[][] {
  const chosen = leg.slice(1).filter((trial) => nameOf(trial).includes(words))
  // The first trial starts RabbitMQ, and all others need it.
  return chosen.length === 0 ? [] : [[rabbitIsAway(20), ...chosen]]
}

function nameOf({ ids, fault, moment }: Trial): string {
  return `${ids} ${fault} ${moment}`
}

process.exitCode = await main()
