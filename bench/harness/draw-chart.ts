import type { Bar } from './bench.ts'

const ROW = 34
const LEFT = 220
const WIDTH = 760
const TOP = 64

/**
 * Draws the bars as an SVG: Latchkey's rate as a multiple of each peer's, with the range of the rounds. The
 * line is at 1, where both are equally fast.
 */
export function drawChart(bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ max }) => max))
  const scale = (ratio: number) => LEFT + (ratio / most) * (WIDTH - LEFT - 90)
  const height = TOP + bars.length * ROW + 16
  const one = scale(1)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img"
  font-family="system-ui, sans-serif" font-size="14">
<title>Requests a second of a guarded route: Latchkey as a multiple of each peer</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="28" font-size="16" font-weight="600" fill="#1f2328">A guarded route: Latchkey’s requests a second, as a multiple of each peer’s</text>
<text x="16" y="48" font-size="12" fill="#59636e">Right of the line Latchkey is faster. Thin lines: slowest and fastest round.</text>
${bars.map((bar, at) => drawBar(bar, TOP + at * ROW, scale)).join('\n')}
<line x1="${one}" x2="${one}" y1="${TOP - 6}" y2="${height - 12}" stroke="#59636e" stroke-dasharray="3 3"/>
</svg>
`
}

function drawBar(bar: Bar, top: number, scale: (ratio: number) => number): string {
  const middle = top + ROW / 2
  const fill = bar.ratio >= 1 ? '#1a7f64' : '#9aa4af'
  return [
    `<text x="${LEFT - 10}" y="${middle + 5}" text-anchor="end" fill="#1f2328">${escape(bar.name)}</text>`,
    `<rect x="${LEFT}" y="${top + 6}" width="${scale(bar.ratio) - LEFT}" height="${ROW - 12}" rx="3" fill="${fill}"/>`,
    `<line x1="${scale(bar.min)}" x2="${scale(bar.max)}" y1="${middle}" y2="${middle}" stroke="#1f2328"/>`,
    `<text x="${scale(bar.max) + 8}" y="${middle + 5}" fill="#1f2328">× ${bar.ratio.toFixed(2)}</text>`,
  ].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
