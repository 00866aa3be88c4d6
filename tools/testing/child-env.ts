/**
 * The environment of a process that a test starts: what it needs to run at all and to start quickly,
 * and nothing else of the test's own but `env`.
 */
export function childEnv(env: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE, ...env }
}
