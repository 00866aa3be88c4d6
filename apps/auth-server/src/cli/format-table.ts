const gap = '  '

/**
 * Formats rows under their headings for a terminal; without rows, gives `empty`. Control characters in
 * stored values are replaced, so that they cannot move the reader's cursor or colour the screen.
 */
export function drawTable(headings: string[], rows: string[][], empty: string): string {
  if (rows.length === 0) return empty
  const lines = [headings.map((heading) => heading.toUpperCase()), ...rows.map(plain)]
  const widths = headings.map((_, at) => Math.max(...lines.map((line) => lengthOf(line[at]))))
  return lines.map((line) => drawLine(line, widths)).join('\n')
}

/** Names and values, one pair a line. */
export function drawFacts(facts: Record<string, string>): string {
  const width = Math.max(...Object.keys(facts).map(lengthOf))
  return Object.entries(facts)
    .map(([name, value]) => `${name.padEnd(width)}${gap}${plain([value]).join('')}`.trimEnd())
    .join('\n')
}

/** A moment that people can read and scripts can sort: `2026-11-21 08:05 UTC`. */
export function drawMoment(moment: Date | null): string {
  return moment === null ? '' : `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function drawLine(cells: string[], widths: number[]): string {
  return cells
    .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - lengthOf(cell)))
    .join(gap)
    .trimEnd()
}

function plain(cells: string[]): string[] {
  return cells.map((cell) => cell.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD'))
}

function lengthOf(cell = ''): number {
  return Array.from(cell).length
}
