import type { Report, Row } from './run-faults.ts'

const columns: Record<string, (row: Row) => string> = {
  promise: ({ ids }) => ids,
  fault: ({ fault }) => fault,
  moment: ({ moment }) => moment,
  seen: ({ observed, planned }) => `${observed}/${planned}`,
  ok: ({ ok }) => String(ok),
  failed: ({ failed }) => String(failed),
  unknown: ({ unknown, unknownDone }) => (unknown === 0 ? '0' : `${unknown} (${unknownDone} done)`),
  lost: ({ lost }) => String(lost),
  twice: ({ duplicates }) => String(duplicates),
  outcome: ({ problems, observed, planned }) =>
    problems.length === 0 && observed >= planned ? 'kept' : 'BROKEN',
}

/** Draws fault × moment × outcome, the sums, and the path of the history. */
export function drawTable(report: Report): string {
  const { seed, historyPath, rows, problems } = report
  const cells = [
    Object.keys(columns),
    ...rows.map((row) => Object.values(columns).map((of) => of(row))),
  ]
  const widths = Object.keys(columns).map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  )
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [
    ...lines,
    '',
    sumUp([report]),
    `seed ${seed}, history ${historyPath}`,
    ...problems.map((problem) => `BROKEN ${problem}`),
  ].join('\n')
}

/** Sums up the faults, the people and their e-mails over all of these runs. */
export function sumUp(reports: readonly Report[]): string {
  const rows = reports.flatMap((report) => report.rows)
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0)
  const workerDeaths = reports.reduce((total, report) => total + report.workerDeaths, 0)
  return (
    `${sum(({ observed }) => observed)} faults, ${sum(({ ok }) => ok)} sign-ups accepted, ` +
    `${sum(({ unknown }) => unknown)} unknown, ${sum(({ lost }) => lost)} e-mails lost, ` +
    `${sum(({ duplicates }) => duplicates)} twice for ${workerDeaths} dead workers`
  )
}
