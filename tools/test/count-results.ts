import { writeFileSync } from 'node:fs'
import type { Counts } from './run-jest.ts'

type Results = {
  numPassedTests: number
  numFailedTests: number
  /** The number of files that could not run. */
  numRuntimeErrorTestSuites: number
}

/** A jest reporter that writes the counts of a run to the file in TEST_COUNTS_FILE. */
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
