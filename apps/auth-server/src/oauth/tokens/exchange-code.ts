import { createHash } from 'node:crypto'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Client } from '../clients/client.model.ts'
import { isActive } from '../../users/user-directory.ts'
import { chooseAudience } from '../choose-scope.ts'
import { checkGrant } from './check-grant.ts'
import { endFamily } from '../families/end-family.ts'
import { type Family, type PendingCode, toFamily } from '../families/family.model.ts'
import { findFamily, stateOfFamily, userOfFamily } from '../families/find-family.ts'
import { invalidGrant } from '../oauth-error.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import type { TokenPair } from './token-answers.ts'
import { tokenPair } from './issue-tokens.ts'

type Asked = {
  from: AuditSource
  code: string
  redirectUri: string
  codeVerifier: string | undefined
  resource?: string | undefined
}

/**
 * Exchanges a client's code (RFC 6749 §4.1.3) and its verifier (RFC 7636) for the first pair of a family.
 * A code is used by one compare-and-set on the family's document. A second use ends the family.
 *
 * @throws Problem 400 `invalid_grant`, `invalid_target`
 */
export async function exchangeCode(
  deps: TokenDeps,
  client: Client,
  asked: Asked,
): Promise<TokenPair> {
  const family = await familyOfCode(deps, client, asked.code)
  const { code } = family
  if (!code || !isFor(code, asked)) throw invalidCode()
  chooseAudience(asked.resource, [family.audience])
  const grant = { client, family, from: asked.from }
  if (code.usedAt) return await usedTwice(deps, grant)
  if (code.expiresAt <= new Date()) throw invalidCode()
  if ((await stateOfFamily(deps, family)) !== 'active') throw invalidCode()
  const user = await deps.directory.findById(family.userId)
  if (!user || !isActive(user)) throw invalidCode()
  const begun = await begin(deps, family)
  if (!begun) return await usedTwice(deps, grant)
  deps.audit.tokensGiven(asked.from, { user, client })
  const pair = await tokenPair(deps, { client, family: begun, user, nonce: code.nonce })
  await checkGrant(deps, { client, family })
  return pair
}

/** Hashes a code for storage. A code is `<family>.<secret>`. */
export function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url')
}

async function familyOfCode(deps: TokenDeps, client: Client, code: string): Promise<Family> {
  const family = await findFamily(deps.families, code.split('.', 1)[0] ?? '')
  const belongs = family?.clientId === client.id && family.code?.hash === hashCode(code)
  if (!belongs) throw invalidCode()
  return family
}

/** A verifier without a challenge is also refused: someone has removed the challenge (RFC 9700 §4.8.2). */
function isFor(code: PendingCode, { redirectUri, codeVerifier }: Asked): boolean {
  const challenge =
    codeVerifier === undefined
      ? null
      : createHash('sha256').update(codeVerifier).digest('base64url')
  return code.redirectUri === redirectUri && (code.challenge ?? null) === challenge
}

async function begin({ families }: TokenDeps, { id }: Family): Promise<Family | null> {
  const unused = { _id: id, 'code.usedAt': null, revokedAt: null }
  const begun = { $set: { counter: 1, 'code.usedAt': new Date() } }
  const record = await families.findOneAndUpdate(unused, begun, { returnDocument: 'after' }).lean()
  return record && toFamily(record)
}

async function usedTwice(
  deps: TokenDeps,
  { client, family, from }: { client: Client; family: Family; from: AuditSource },
): Promise<never> {
  await endFamily(deps.families, family.id, 'code_reuse')
  deps.audit.codeReused(from, { user: await userOfFamily(deps, family), client })
  throw invalidCode()
}

function invalidCode() {
  return invalidGrant('The code is unknown, used, expired or from another request.')
}
