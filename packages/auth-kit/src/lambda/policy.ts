import type { AccessToken } from '../access-token/access-token.ts'
import { ambiguousPaths, type Reach } from './routes.ts'

type Statement = {
  Action: 'execute-api:Invoke'
  Effect: 'Allow' | 'Deny'
  Resource: string[]
  Condition?: { DateLessThan: { 'aws:CurrentTime': string } }
}

/** What API Gateway passes on to the function or server behind it. Values must be strings. */
export type AuthorizerContext = { sub: string; scope: string; client: string }

/** The answer to a REST API, and to an HTTP API with IAM answers. */
export type PolicyAnswer = {
  principalId: string
  policyDocument: { Version: '2012-10-17'; Statement: Statement[] }
  context?: AuthorizerContext
}

/**
 * Allows exactly what the token may call, until it expires. API Gateway caches the answer for a token
 * (300 s by default) and uses it for other routes, too.
 */
export function policyFor(token: AccessToken, reach: Reach, stageArn: string): PolicyAnswer {
  const patterns = patternsOf(reach)
  if (patterns.length === 0) return { ...denial(stageArn, token.sub), context: contextOf(token) }
  const allowed: Statement = {
    Action: 'execute-api:Invoke',
    Effect: 'Allow',
    Resource: patterns.map((pattern) => `${stageArn}/${pattern}`),
    Condition: { DateLessThan: { 'aws:CurrentTime': toSeconds(token.expiresAt) } },
  }
  const statements = reach === 'everything' ? [allowed] : [allowed, ambiguityOf(stageArn)]
  return { ...answerWith(statements, token.sub), context: contextOf(token) }
}

/** Denies ambiguous paths: a denial overrides what the star of a route allows. */
function ambiguityOf(stageArn: string): Statement {
  const Resource = ambiguousPaths.map((path) => `${stageArn}/${path}`)
  return { Action: 'execute-api:Invoke', Effect: 'Deny', Resource }
}

/** Methods and paths in ARN form. They follow the stage, so no pattern reaches beyond it. */
function patternsOf(reach: Reach): string[] {
  return reach === 'everything' ? ['*'] : reach.map(({ method, path }) => `${method}${path}`)
}

/** A policy that denies the whole stage. */
export function denial(stageArn: string, principalId = 'nobody'): PolicyAnswer {
  const Resource = [`${stageArn}/*`]
  return answerWith([{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource }], principalId)
}

/** What the function behind API Gateway learns about the token. */
export function contextOf({ sub, scope, clientId }: AccessToken): AuthorizerContext {
  return { sub, scope: scope.join(' '), client: clientId }
}

function answerWith(Statement: Statement[], principalId: string): PolicyAnswer {
  return { principalId, policyDocument: { Version: '2012-10-17', Statement } }
}

/** ISO 8601 without fractions of a second, as IAM writes it. */
function toSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
