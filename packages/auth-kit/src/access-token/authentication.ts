import type { AccessToken } from './access-token.ts'
import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'

type Needed = { acr?: string | undefined; maxAge?: number | undefined }

/** Whether the sign-in behind a token is strong and recent enough. A missing claim fails the check. */
export function isAuthenticated(
  { claims }: Pick<AccessToken, 'claims'>,
  { acr, maxAge }: Needed,
  now = new Date(),
): boolean {
  const isStrong =
    acr === undefined || claims.acr === acr || (acr === 'aal1' && claims.acr === 'aal2')
  if (!isStrong || maxAge === undefined) return isStrong
  const { auth_time: at } = claims
  const age = typeof at === 'number' ? now.getTime() / 1000 - at : Infinity
  return age <= maxAge + CLOCK_TOLERANCE_SECONDS
}
