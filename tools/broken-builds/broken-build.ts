/** A build that breaks a promise on purpose, and the tests that have to notice it. */
export type BrokenBuild = {
  /** The promise. A test with this id in its title has to fail. */
  id: string
  what: string
  edits: { file: string; find: string; replace: string }[]
  /** Arguments for jest. */
  tests: string[]
}

export const kit = 'packages/auth-kit/src'
export const server = 'apps/auth-server/src'
