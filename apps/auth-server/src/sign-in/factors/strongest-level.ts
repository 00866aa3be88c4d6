import { loggedIn, signedInWith, signedInWithin } from 'auth-kit/logged-in'
import type { RequestHandler } from 'express'
import { authenticationOf } from '../../sessions/authentication.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { readFactors } from './change-factors.ts'
import { hasFactor, isFactorRequired } from './factor-policy.ts'

type Deps = Pick<SignInDeps, 'config' | 'factors'>

/** How recent the proof of identity must be, in minutes. */
const FRESH_MINUTES = 15

const anybody = loggedIn()
const freshly = signedInWithin(FRESH_MINUTES)
const freshlyWithTwo = signedInWith('aal2', { within: FRESH_MINUTES })
const withTwo = signedInWith('aal2')

/**
 * Admits users who signed in recently, with two factors if their account has them.
 *
 * @param options.orRequired also demands two factors of users who must have them by
 *   REQUIRE_SECOND_FACTOR but do not yet
 */
export function freshAtStrongest(
  deps: Deps,
  { orRequired = false }: { orRequired?: boolean } = {},
): RequestHandler {
  return async function freshAtStrongest(req, res, next) {
    if (!req.user) return anybody(req, res, next)
    const mustHave = orRequired && isFactorRequired(deps.config, req.user)
    // Nothing is stronger than two factors, so there is no lookup and an outage of MongoDB locks nobody out.
    const hasTwo = authenticationOf(req.session).acr === 'aal2'
    const isStrong = hasTwo || mustHave || hasFactor(await readFactors(deps.factors, req.user.id))
    return (isStrong ? freshlyWithTwo : freshly)(req, res, next)
  }
}

/**
 * Admits users whose session is as strong as their account allows. One that began before a second factor
 * was set up is not.
 */
export function atStrongest({ factors }: Pick<Deps, 'factors'>): RequestHandler {
  return async function atStrongest(req, res, next) {
    const isStrong = req.user && hasFactor(await readFactors(factors, req.user.id))
    return (isStrong ? withTwo : anybody)(req, res, next)
  }
}
