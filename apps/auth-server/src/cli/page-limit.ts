import { wrongUsage } from './wrong-usage.ts'

/** `--limit`, how many a page holds: 1 to 1000. @throws CliError where it is no such number */
export function pageLimit(given: string): number {
  if (!/^([1-9]\d{0,2}|1000)$/.test(given)) throw wrongUsage('--limit is a number from 1 to 1000.')
  return Number(given)
}
