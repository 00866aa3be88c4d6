import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Client } from '../clients/client.model.ts'
import { type DirectoryUser, isActive } from '../../users/user-directory.ts'
import { audiencesOf, checkNarrows, chooseAudience, chooseScope } from '../choose-scope.ts'
import { endFamily } from '../families/end-family.ts'
import type { Family } from '../families/family.model.ts'
import { findFamily, stateOfFamily, userOfFamily } from '../families/find-family.ts'
import { invalidGrant } from '../oauth-error.ts'
import { readRefreshToken, type RefreshClaims } from './refresh-token.ts'
import { rotateFamily } from '../families/rotate-family.ts'
import { isStillActive, rotateCurrentToken } from '../families/rotate-current-token.ts'
import { singleFlight } from '../families/single-flight.ts'
import { notifyTokenReuse } from './notify-token-reuse.ts'
import type { TokenPair } from './token-answers.ts'
import { tokenPair } from './issue-tokens.ts'
import { isOpenId } from '../openid/openid-scopes.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import { readAccessToken } from '../clients/read-access-token.ts'

// Concurrent requests with the same token get the same successor, so they share the work.
const shareCurrent = singleFlight<Awaited<ReturnType<typeof rotateCurrentToken>>>()
const shareGrant = singleFlight<{ family: Family; user: DirectoryUser }>()
const shareRotation = singleFlight<Awaited<ReturnType<typeof rotateFamily>>>()

type Asked = {
  from: AuditSource
  refreshToken: string
  /** The previous access token. It may have expired, but must belong to the same family. */
  accessToken?: string | undefined
  scope?: string | undefined
  resource?: string | undefined
}

/**
 * Gives the next pair for a client's refresh token (RFC 6749 §6). A request that cannot be met is refused
 * before it uses the token up. A token that was already used ends the family (R52).
 *
 * @throws Problem 400 `invalid_grant`, `invalid_scope`, `invalid_target`
 */
export async function refreshTokens(
  deps: TokenDeps,
  client: Client,
  asked: Asked,
): Promise<TokenPair> {
  const shown = { ...asked, ...(await readRefreshToken(deps, asked.refreshToken)) }
  const { clientId, familyId, accessToken } = shown
  if (clientId !== client.id) throw invalidGrant('The refresh token belongs to another client.')
  if (accessToken !== undefined) await checkFamilyOf(deps, client, { accessToken, familyId })
  return (
    (await refreshCurrent(deps, client, shown)) ?? (await refreshAfterReading(deps, client, shown))
  )
}

type Shown = Asked & RefreshClaims

/** The usual case, without reading the family first; undefined if it must be read. */
async function refreshCurrent(
  deps: TokenDeps,
  client: Client,
  { familyId: id, counter, clientId, expiresAt, resource, scope }: Shown,
): Promise<TokenPair | undefined> {
  // A user service, a requested scope and an id_token all need a read before the token is used up.
  // Otherwise users in MongoDB need none: suspending or deleting a user ends their SSO sessions.
  if (deps.config.userService || scope || isOpenId(client.scopes.join(' '))) return undefined
  const own = audiencesOf(client, deps.config.issuer)
  const audiences = own.filter((known) => (resource ?? known) === known)
  const work = () => rotateCurrentToken(deps, { id, counter, clientId, expiresAt }, audiences)
  const key = `${id} ${counter} ${audiences.join(' ')}`
  const family = await (isShared(deps) ? shareCurrent(deps.families, key, work) : work())
  if (family === 'ended') throw isOver()
  return family && (await tokenPair(deps, { client, family, scope: allowed(client, family) }))
}

async function refreshAfterReading(
  deps: TokenDeps,
  client: Client,
  { familyId, counter, from, scope: asked, resource }: Shown,
): Promise<TokenPair> {
  const find = () => activeGrant(deps, familyId)
  const { family, user } = await shareGrant(deps.families, familyId, find)
  const mayHave = allowed(client, family)
  if (asked) checkNarrows(asked, family.scope)
  const scope = asked ? chooseScope(asked, mayHave.split(' ')) : mayHave
  const own = audiencesOf(client, deps.config.issuer)
  const audiences = own.filter((audience) => audience === family.audience)
  // The client may no longer request this audience. It has to send its user to sign in again.
  if (audiences.length === 0) throw isOver()
  chooseAudience(resource, audiences)
  const rotated = await rotate(deps, { id: familyId, counter }, { client, from })
  if (!(await isStillActive(deps, rotated))) throw isOver()
  return await tokenPair(deps, { client, family: rotated, user, scope })
}

/** The family's scope without those that an operator has since removed from the client. */
function allowed(client: Client, family: Family): string {
  const scopes = family.scope.split(' ')
  return scopes.filter((scope) => client.scopes.includes(scope)).join(' ')
}

/** Without a leeway, one of many requests gets the successor and the others count as reuse. */
function isShared({ config }: TokenDeps): boolean {
  return config.refreshLeeway > 0
}

/** The family and its user, if both are active. */
async function activeGrant(
  deps: TokenDeps,
  id: string,
): Promise<{ family: Family; user: DirectoryUser }> {
  const family = await findFamily(deps.families, id)
  if (!family || (await stateOfFamily(deps, family)) !== 'active') throw isOver()
  const user = await deps.directory.findById(family.userId)
  if (!user || !isActive(user)) throw isOver()
  return { family, user }
}

async function rotate(
  deps: TokenDeps,
  token: { id: string; counter: number },
  { client, from }: { client: Client; from: AuditSource },
): Promise<Family> {
  const leewayMs = deps.config.refreshLeeway * 1000
  const work = () => rotateFamily({ ...deps, leewayMs }, token)
  const key = `${token.id} ${token.counter}`
  const rotation = await (isShared(deps) ? shareRotation(deps.families, key, work) : work())
  if (rotation === undefined) throw isOver()
  if (rotation.outcome === 'rotated') return rotation.family
  if (await endFamily(deps.families, token.id, 'reuse')) {
    deps.audit.tokenReused(from, { user: await userOfFamily(deps, rotation.family), client })
    await notifyTokenReuse(deps, rotation.family)
  }
  const { refreshLeeway: seconds } = deps.config
  throw invalidGrant(
    `The refresh token was already used, more than ${seconds} seconds ago, so its family has ended. Sign in again.`,
  )
}

function isOver() {
  return invalidGrant('The refresh token has ended. Sign in again.')
}

/**
 * Refuses an access token, expired or not, that does not belong to the family.
 *
 * @throws Problem 400 `invalid_grant`
 */
async function checkFamilyOf(
  deps: TokenDeps,
  client: Client,
  { accessToken, familyId }: { accessToken: string; familyId: string },
): Promise<void> {
  const token = await readAccessToken(deps.config.issuer, client, accessToken)
  if (token?.familyId !== familyId)
    throw invalidGrant('The access token does not belong to the refresh token.')
}
