import { readFileSync } from 'node:fs'
import type { AuthorizerOptions } from 'auth-kit/lambda'

type Environment = Record<string, string | undefined>

/**
 * Reads the authorizer's options from environment variables. Each may come from a file in the
 * deployment package instead, named by `NAME_FILE`.
 *
 * @throws TypeError naming the first setting that is missing or invalid
 */
export function readConfig(env: Environment): AuthorizerOptions {
  const issuer = needed('ISSUER', env).replace(/\/$/, '')
  const jwks = setting('JWKS', env)
  const address = setting('JWKS_URL', env) ?? `${issuer}/.well-known/jwks.json`
  return {
    issuer,
    audience: needed('AUDIENCE', env),
    jwks: jwks === undefined ? address : parse('JWKS', jwks),
    routes: routesOf(env),
    answers: answersOf(setting('ANSWERS', env)),
  }
}

function setting(name: string, env: Environment): string | undefined {
  const file = env[`${name}_FILE`]
  const value = file ? readFileSync(file, 'utf8').trim() : env[name]
  return value || undefined
}

function needed(name: string, env: Environment): string {
  const value = setting(name, env)
  if (value === undefined) throw new TypeError(`${name} is not set`)
  return value
}

/** Without routes everything is open, so an empty setting or file is an error instead. */
function routesOf(env: Environment): AuthorizerOptions['routes'] {
  if (env.ROUTES === undefined && env.ROUTES_FILE === undefined) return undefined
  return parse('ROUTES', setting('ROUTES', env) ?? '')
}

/** Only parses; createAuthorizer checks the content. */
function parse(name: string, json: string) {
  try {
    return JSON.parse(json)
  } catch {
    throw new TypeError(`${name} is not JSON`)
  }
}

function answersOf(value = 'iam'): 'iam' | 'simple' {
  if (value === 'iam' || value === 'simple') return value
  throw new TypeError('ANSWERS must be iam or simple')
}
