import { hasRole, signedInWithin } from 'auth-kit/logged-in'
import type { RequestHandler } from 'express'

/** How long ago the password may have been given, in minutes. */
const FRESH_MINUTES = 15

/** Lets admins pass who gave their password a short while ago. */
export function guardAdmin(): RequestHandler[] {
  return [hasRole('admin'), signedInWithin(FRESH_MINUTES)]
}
