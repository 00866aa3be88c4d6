import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rows } from '../rows/rows.ts'
import type { Bench, Row, RowResult, Table } from './bench.ts'
import { drawChart } from './draw-chart.ts'
import { describeMachine } from './machine.ts'
import { peerVersions } from './peer-versions.ts'

const FOLDER = join(import.meta.dirname, '..')
const DATA = join(FOLDER, 'results.json')

type Saved = RowResult & { date: string; machine: string; rounds: number; seconds: number }

/** Replaces a row's saved result, and rewrites `RESULTS.md` and the chart. */
export async function saveResults(options: {
  name: string
  result: RowResult
  bench: Bench
}): Promise<void> {
  const { name, result, bench } = options
  const { rounds, seconds } = bench
  const date = new Date().toISOString().slice(0, 10)
  const saved: Record<string, Saved> = {
    ...(await readSaved()),
    [name]: { date, machine: describeMachine(), rounds, seconds, ...result },
  }
  await writeFile(DATA, `${JSON.stringify(saved, null, 2)}\n`)
  await writeFile(join(FOLDER, 'RESULTS.md'), await pageOf(saved))
  const bars = saved.guard?.bars
  if (bars) await writeFile(join(FOLDER, 'results.svg'), drawChart(bars))
}

async function readSaved(): Promise<Record<string, Saved>> {
  const text = await readFile(DATA, 'utf8').catch(() => '{}')
  return JSON.parse(text)
}

async function pageOf(saved: Record<string, Saved>): Promise<string> {
  const sections = Object.entries(rows).flatMap(([name, row]) => {
    const result = saved[name]
    return result ? [markdownOf({ name, row, result }), howOf(result)] : []
  })
  return [
    '# Results',
    '`pnpm bench` writes this page. [README.md](README.md) says how each figure is measured.',
    '![Latchkey’s rate on a guarded route, as a multiple of each peer’s](results.svg)',
    `Versions: ${await peerVersions()}.`,
    ...sections,
  ]
    .join('\n\n')
    .concat('\n')
}

function howOf({ date, machine, rounds, seconds }: Saved): string {
  return `<sub>${date}; ${machine}; ${rounds} rounds, slices of ${seconds} s.</sub>`
}

/** A row as it is printed and written. */
export function markdownOf({ name, row, result }: { name: string; row: Row; result: RowResult }) {
  const parts = [
    `## ${row.title}`,
    `${row.about} Repeat it with \`pnpm bench ${name}\`.`,
    ...result.tables.map(markdownTable),
    ...(result.notes ?? []),
  ]
  return parts.join('\n\n')
}

function markdownTable({ title, head, lines }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, at) => (at === 0 ? '---' : '--:'))
  return `**${title}**\n\n${[head, rule, ...lines].map(line).join('\n')}`
}
