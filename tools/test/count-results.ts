import { writeFileSync } from 'node:fs'
import type { Counts } from './run-jest.ts'

type Results = {
  numPassedTests: number
  numFailedTests: number
  /** Files that could not run. */
  numRuntimeErrorTestSuites: number
}

/** A jest reporter: leaves the counts of a run in the file that TEST_COUNTS_FILE names. */
export default class CountResults {
  onRunComplete(_contexts: unknown, results: Results): void {
    const { TEST_COUNTS_FILE } = process.env
    const counts: Counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    }
    if (TEST_COUNTS_FILE) writeFileSync(TEST_COUNTS_FILE, JSON.stringify(counts))
  }
}
