import type { SignInHour } from '../../audit/count-sign-ins.ts'

type Bar = { x: number; y: number; height: number }

/** Bars on both sides of a line, in SVG units: sign-ins above it, refusals below. */
export type SignInChart = {
  width: number
  height: number
  /** The y coordinate of the line. */
  line: number
  barWidth: number
  above: Bar[]
  below: Bar[]
}

const STEP = 20
const GAP = 4
const HEIGHT = 120

/** The sign-ins of a day as a chart. Both sides share one scale. */
export function signInChart(hours: readonly SignInHour[]): SignInChart {
  const highest = Math.max(0, ...hours.map(({ signedIn }) => signedIn))
  const lowest = Math.max(0, ...hours.map(({ refused }) => refused))
  const unit = HEIGHT / Math.max(1, highest + lowest)
  const line = round(highest + lowest === 0 ? HEIGHT / 2 : highest * unit)
  const x = (at: number) => at * STEP + GAP / 2
  return {
    width: hours.length * STEP,
    height: HEIGHT,
    line,
    barWidth: STEP - GAP,
    above: hours.map(({ signedIn }, at) => {
      const height = round(signedIn * unit)
      return { x: x(at), y: round(line - height), height }
    }),
    below: hours.map(({ refused }, at) => ({ x: x(at), y: line, height: round(refused * unit) })),
  }
}

function round(length: number): number {
  return Math.round(length * 100) / 100
}
