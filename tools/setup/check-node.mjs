import { SetupError } from './setup-error.mjs'

const oldestNode = 20

/** Throws a SetupError if Node is too old to install the workspace. */
export function checkNode(version) {
  if (Number.parseInt(version, 10) >= oldestNode) return
  throw new SetupError(
    `This needs Node ${oldestNode} or later, but runs on ${version}: see https://nodejs.org/en/download`,
  )
}
