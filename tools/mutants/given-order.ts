/** A jest sequencer that keeps the order of MUTANTS_TESTS. */
export default class GivenOrder {
  sort<Test extends { path: string }>(tests: Test[]): Test[] {
    const order = (process.env.MUTANTS_TESTS ?? '').split('\n')
    return tests.toSorted((a, b) => order.indexOf(a.path) - order.indexOf(b.path))
  }

  shard<Test>(tests: Test[]): Test[] {
    return tests
  }

  allFailedTests<Test>(tests: Test[]): Test[] {
    return tests
  }

  cacheResults(): void {
    // Nothing to learn from runs of a broken source.
  }
}
