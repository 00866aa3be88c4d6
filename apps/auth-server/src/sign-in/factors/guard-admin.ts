import { hasRole } from 'auth-kit/logged-in'
import type { RequestHandler } from 'express'
import type { SignInDeps } from '../sign-in-deps.ts'
import { freshAtStrongest } from './strongest-level.ts'

/**
 * Admits admins who signed in recently, with two factors if they have or must have a second one.
 */
export function guardAdmin(deps: Pick<SignInDeps, 'config' | 'factors'>): RequestHandler[] {
  return [hasRole('admin'), freshAtStrongest(deps, { orRequired: true })]
}
