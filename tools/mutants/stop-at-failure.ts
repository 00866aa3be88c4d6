/** A jest reporter that prints the first test to fail, and ends the run with it. */
export default class StopAtFailure {
  onTestCaseResult(_test: unknown, result: { status: string; fullName: string }): void {
    if (result.status !== 'failed') return
    process.stdout.write(`${result.fullName}\n`)
    process.exit(1)
  }
}
