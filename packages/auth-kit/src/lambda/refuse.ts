import type { AuthorizerQuestion } from './authorizer-event.ts'
import { denial, type PolicyAnswer } from './policy.ts'

/**
 * The answer to a missing or invalid token.
 *
 * @throws Error `Unauthorized` for a REST API, which turns exactly this message into a 401 and any
 *   other into a 500
 */
export function refuse(
  { kind, stageArn }: AuthorizerQuestion,
  isSimple: boolean,
): PolicyAnswer | { isAuthorized: false } {
  if (kind === 'rest') throw new Error('Unauthorized')
  return isSimple ? { isAuthorized: false } : denial(stageArn)
}
