import type { Spread } from './statistics.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A whole number with separators: `10,000`. */
export function number(value: number): string {
  return whole.format(value)
}

/** A median ratio and the range of its rounds: `1.84 (1.79 to 1.90)`. */
export function ratio({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`
}

/** Milliseconds with two significant digits. */
export function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
