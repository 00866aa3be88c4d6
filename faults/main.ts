import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { drawTable } from './draw-table.ts'
import { longPlan, shortPlan } from './plan-trials.ts'
import { runFaults } from './run-faults.ts'
import { rabbitIsAway } from './trials/rabbit.trials.ts'
import { seededRandom } from './seeded-random.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/**
 * `pnpm test:faults`: the short form, or with `--long` the numbers of the promises. `--only <words>`
 * keeps the trials whose promise, fault or moment holds these words; `--seed` brings the moments of
 * an earlier run back. Returns the exit code.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      long: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  })
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
  const all = values.long ? longPlan() : shortPlan(seededRandom(seed))
  const isWhole = values.only === ''
  const chosen = all.slice(1).filter((trial) => nameOf(trial).includes(values.only))
  // The first trial starts RabbitMQ: no other can do without it.
  const trials = isWhole ? all : [rabbitIsAway(20), ...chosen]
  const folder = join(root, '.data/faults', `${seed}-${Date.now()}`)
  say(`seed ${seed}, ${trials.length} trials`)
  const report = await runFaults({ seed, trials, isWhole, folder, say })
  say(`\n${drawTable(report)}`)
  return report.problems.length === 0 ? 0 : 1
}

function nameOf({ ids, fault, moment }: { ids: string; fault: string; moment: string }): string {
  return `${ids} ${fault} ${moment}`
}

process.exitCode = await main()
