import type { AuthorizerAnswer, PolicyAnswer } from '../lambda.ts'

/** For tests: the answer as a policy. Throws if it is a simple answer. */
export function asPolicy(answer: AuthorizerAnswer): PolicyAnswer {
  if (!('policyDocument' in answer)) throw new TypeError('not a policy')
  return answer
}
