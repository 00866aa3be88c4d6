import type { AuthorizerQuestion } from './authorizer-event.ts'
import { denial, type PolicyAnswer } from './policy.ts'

/**
 * The answer where there is no token, or a bad one.
 *
 * @throws Error `Unauthorized` for a REST API, which makes a 401 of this one word and a 500 of others
 */
export function refuse(
  { kind, stageArn }: AuthorizerQuestion,
  isSimple: boolean,
): PolicyAnswer | { isAuthorized: false } {
  if (kind === 'rest') throw new Error('Unauthorized')
  return isSimple ? { isAuthorized: false } : denial(stageArn)
}
