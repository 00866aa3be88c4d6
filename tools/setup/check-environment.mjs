import { SetupError } from './setup-error.mjs'

/** Throws a SetupError for `npm start` in production, because it creates demo accounts. */
export function checkEnvironment({ command, env }) {
  if (command !== 'start' || env.NODE_ENV?.trim() !== 'production') return
  throw new SetupError(
    `npm start runs a demo system with demo accounts, so it does not run with NODE_ENV=production.
To try the system on this machine: NODE_ENV=development npm start
To run it in production: start each server on its own, as "In production" in README.md says.`,
  )
}
