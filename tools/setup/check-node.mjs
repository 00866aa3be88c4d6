import { SetupError } from './setup-error.mjs'

const oldestNode = 20

/** Throws a SetupError where Node is older than what installs the workspace. */
export function checkNode(version) {
  if (Number.parseInt(version, 10) >= oldestNode) return
  throw new SetupError(
    `This needs Node ${oldestNode} or later, and finds ${version}: see https://nodejs.org/en/download`,
  )
}
