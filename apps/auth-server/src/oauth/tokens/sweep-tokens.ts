import { repeat } from 'service-kit'
import { endNotedSignIns } from '../../sessions/end-sign-ins.ts'
import { findUnnotified, notifyTokenReuse } from './notify-token-reuse.ts'
import type { TokenDeps } from '../oauth-deps.ts'

type SweepDeps = Omit<TokenDeps, 'blocks' | 'keyring' | 'store' | 'audit'>

/** Before this time the request that found the reuse may still be at work. */
const GRACE_MS = 10_000

/** Ended records stay for a while, so that a late request learns why its token is refused. */
const KEEP_MS = 24 * 60 * 60 * 1000

/**
 * Completes what an outage interrupted, every few seconds: SSO sessions to end and notices of reused
 * tokens. Every ten minutes it removes expired records.
 */
export function sweepTokens(deps: SweepDeps): { stop: () => Promise<void> } {
  const { logger } = deps
  const sweeps = [
    repeat({
      what: 'ending noted SSO sessions',
      everyMs: 2000,
      logger,
      work: () => endNotedSignIns(deps),
    }),
    repeat({
      what: 'notifying of reused tokens',
      everyMs: 10_000,
      logger,
      work: () => notifyOverdue(deps),
    }),
    repeat({
      what: 'removing expired families',
      everyMs: 600_000,
      logger,
      work: () => removeExpired(deps),
    }),
  ]
  return {
    async stop() {
      await Promise.all(sweeps.map((sweep) => sweep.stop()))
    },
  }
}

async function notifyOverdue(deps: SweepDeps): Promise<void> {
  const overdue = await findUnnotified(deps.families, new Date(Date.now() - GRACE_MS))
  await Promise.all(overdue.map((family) => notifyTokenReuse(deps, family)))
}

async function removeExpired({ families, signIns }: SweepDeps): Promise<void> {
  const longOver = { $lt: new Date(Date.now() - KEEP_MS) }
  await Promise.all([
    families.deleteMany({ expiresAt: longOver }),
    // Codes that were never exchanged.
    families.deleteMany({ counter: 0, 'code.expiresAt': longOver }),
    signIns.deleteMany({ expiresAt: longOver }),
  ])
}
