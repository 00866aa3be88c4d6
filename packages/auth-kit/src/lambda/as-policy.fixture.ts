import type { AuthorizerAnswer, PolicyAnswer } from '../lambda.ts'

/** For tests: an answer that has to be a policy. */
export function asPolicy(answer: AuthorizerAnswer): PolicyAnswer {
  if (!('policyDocument' in answer)) throw new TypeError('not a policy')
  return answer
}
