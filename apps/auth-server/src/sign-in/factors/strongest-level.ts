import { loggedIn, signedInWith, signedInWithin } from 'auth-kit/logged-in'
import type { RequestHandler } from 'express'
import { authenticationOf } from '../../sessions/authentication.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { readFactors } from './change-factors.ts'
import { hasFactor, isFactorRequired } from './factor-policy.ts'

type Deps = Pick<SignInDeps, 'config' | 'factors'>

/** How long ago a user may have proved who they are, in minutes. */
const FRESH_MINUTES = 15

const anybody = loggedIn()
const freshly = signedInWithin(FRESH_MINUTES)
const freshlyWithTwo = signedInWith('aal2', { within: FRESH_MINUTES })
const withTwo = signedInWith('aal2')

/**
 * Lets users pass who signed in a short while ago, with two factors if their account has them.
 *
 * @param options.orRequired also asks for two factors of those who must have them by
 *   REQUIRE_SECOND_FACTOR and have none yet
 */
export function freshAtStrongest(
  deps: Deps,
  { orRequired = false }: { orRequired?: boolean } = {},
): RequestHandler {
  return async function freshAtStrongest(req, res, next) {
    if (!req.user) return anybody(req, res, next)
    const mustHave = orRequired && isFactorRequired(deps.config, req.user)
    // Nothing is stronger than two factors: no look, so an outage of MongoDB keeps nobody out.
    const hasTwo = authenticationOf(req.session).acr === 'aal2'
    const isStrong = hasTwo || mustHave || hasFactor(await readFactors(deps.factors, req.user.id))
    return (isStrong ? freshlyWithTwo : freshly)(req, res, next)
  }
}

/**
 * Lets users pass whose session is as strong as their account allows: one that began before a second
 * factor was set up is not.
 */
export function atStrongest({ factors }: Pick<Deps, 'factors'>): RequestHandler {
  return async function atStrongest(req, res, next) {
    const isStrong = req.user && hasFactor(await readFactors(factors, req.user.id))
    return (isStrong ? withTwo : anybody)(req, res, next)
  }
}
