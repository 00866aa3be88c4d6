import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { drawTable } from './draw-table.ts'
import { briefPlan } from './plan-trials.ts'
import { runFaults } from './run-faults.ts'
import { seededRandom } from './seeded-random.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

describe('processes killed and stopped at random moments while people sign up', () => {
  it('lose no account, no invite and no e-mail (F7 F10 F13 F14 F15 N1 N7 N8 N9, short form)', async () => {
    const seed = Date.now() % 1_000_000
    const folder = join(root, '.data/faults', `${seed}-${Date.now()}`)
    const trials = briefPlan(seededRandom(seed))
    const report = await runFaults({ seed, trials, isWhole: true, folder, say: () => undefined })
    process.stdout.write(`${drawTable(report)}\n`)
    expect(report.problems).toEqual([])
  }, 240_000)
})
