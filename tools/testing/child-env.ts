/**
 * The environment of a process that a test starts: `env`, and only those of the test's own variables that
 * it needs to run and to start quickly.
 */
export function childEnv(env: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE, ...env }
}
