import { repeat } from 'service-kit'
import { endNotedSignIns } from '../../sessions/end-sign-ins.ts'
import { findUnnotified, notifyTokenReuse } from './notify-token-reuse.ts'
import type { TokenDeps } from '../oauth-deps.ts'

type SweepDeps = Omit<TokenDeps, 'suspensions' | 'keyring' | 'store' | 'audit'>

/** Younger than this, the request that began it may still be finishing it. */
const GRACE_MS = 10_000

/** What is over is kept a little, so that a late question is answered with why. */
const KEEP_MS = 24 * 60 * 60 * 1000

/**
 * Completes every few seconds what an outage cut short: sign-ins to be ended, and notices of a
 * reuse. Now and then it removes what is long over.
 */
export function sweepTokens(deps: SweepDeps): { stop: () => Promise<void> } {
  const { logger } = deps
  const sweeps = [
    repeat({
      what: 'ending noted sign-ins',
      everyMs: 2000,
      logger,
      work: () => endNotedSignIns(deps),
    }),
    repeat({
      what: 'telling of reused tokens',
      everyMs: 10_000,
      logger,
      work: () => tellUntold(deps),
    }),
    repeat({
      what: 'removing tokens that are over',
      everyMs: 600_000,
      logger,
      work: () => removeWhatIsOver(deps),
    }),
  ]
  return {
    async stop() {
      await Promise.all(sweeps.map((sweep) => sweep.stop()))
    },
  }
}

async function tellUntold(deps: SweepDeps): Promise<void> {
  const untold = await findUnnotified(deps.families, new Date(Date.now() - GRACE_MS))
  await Promise.all(untold.map((family) => notifyTokenReuse(deps, family)))
}

async function removeWhatIsOver({ families, signIns }: SweepDeps): Promise<void> {
  const longOver = { $lt: new Date(Date.now() - KEEP_MS) }
  await Promise.all([
    families.deleteMany({ expiresAt: longOver }),
    // A code that nobody came back with.
    families.deleteMany({ counter: 0, 'code.expiresAt': longOver }),
    signIns.deleteMany({ expiresAt: longOver }),
  ])
}
