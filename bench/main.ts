// pnpm bench [row ...] [--rounds N] [--seconds N] [--minutes N] [--save]
import { parseArgs } from 'node:util'
import { leaveServerCore } from './harness/machine.ts'
import { openBench } from './harness/open-bench.ts'
import { markdownOf, saveResults } from './harness/write-results.ts'
import { rows } from './rows/rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '10' },
    save: { type: 'boolean', default: false },
  },
})
const names = positionals.length > 0 ? positionals : Object.keys(rows)
const chosen = names.map((name) => {
  const row = rows[name]
  if (!row) throw new TypeError(`no such row: ${name}; rows: ${Object.keys(rows).join(', ')}`)
  return { name, row }
})
const isWhole = positionals.length === 0

leaveServerCore()
const { bench, close } = await openBench({
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  minutes: Number(values.minutes),
})
try {
  for (const { name, row } of chosen) {
    bench.progress(`# ${name}`)
    // oxlint-disable-next-line no-await-in-loop -- rows would measure each other
    const result = await row.run(bench)
    process.stdout.write(`${markdownOf({ name, row, result })}\n`)
    // oxlint-disable-next-line no-await-in-loop
    if (isWhole || values.save) await saveResults({ name, result, bench })
  }
} finally {
  await close()
}
