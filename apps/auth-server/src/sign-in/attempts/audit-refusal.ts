import { Problem } from 'service-kit'
import type { SignInDeps } from '../sign-in-deps.ts'
import { type Attempt, countedAddress } from './attempt-budgets.ts'

type Deps = Pick<SignInDeps, 'config' | 'logger' | 'audit'>

type Refusal = { user: { id: string; username: string } | null; error: unknown }

/**
 * Records a refused attempt in the audit log. Logs a warning for the first one from a private address
 * without TRUST_PROXY, once for each server.
 */
export function auditRefusal(
  { config, logger, audit }: Deps,
  { req, way, client }: Pick<Attempt, 'req' | 'way' | 'client'>,
  { user, error }: Refusal,
): void {
  if (!(error instanceof Problem) || error.status >= 500) return
  const facts = { user, ...(client && { client }), way, reason: error.code }
  if (error.status === 429) audit.signInLimited(req, facts)
  else audit.signInFailed(req, facts)
  // At http://localhost there is no proxy.
  const isLocal = config.publicUrl.hostname === 'localhost'
  if (!isLocal && !client && countedAddress(config, { req }) === undefined)
    warnOnce({ config, logger })
}

const warned = new WeakSet<object>()

function warnOnce({ config, logger }: Pick<Deps, 'config' | 'logger'>): void {
  if (warned.has(config)) return
  warned.add(config)
  logger.warn(
    'Sign-ins come from a loopback or private address, and TRUST_PROXY is not set. Such an address is never blocked, because many people may share it, but they all count as one (LIMIT_SIGN_IN_PER_ADDRESS). Behind a proxy, set TRUST_PROXY.',
  )
}
