import type { SessionStore } from 'auth-kit/session'
import type { Request, RequestHandler } from 'express'
import { acceptBody } from 'service-kit'
import { notSignedIn } from '../http/errors.ts'

type Deps = { store: SessionStore }

/**
 * Refuses a request whose session has ended since the guard admitted it: its body may take a minute to
 * arrive, and a password takes time to check. Everything that takes rights away ends the session
 * (sign-out, suspension, change of roles, deletion, reset), so this one check covers all of them. Run it
 * last, right before the effect.
 *
 * @throws Problem 401 `not_signed_in`
 */
export async function checkStillSignedIn({ store }: Deps, req: Request): Promise<void> {
  const session = await store.getSession(req.sessionID)
  if (!req.user || session?.passport?.user?.id !== req.user.id) throw notSignedIn()
}

/** `acceptBody` for guarded routes: checks again that the user is signed in once the body has arrived. */
export function acceptBodySignedIn(deps: Deps, options: { form?: boolean } = {}): RequestHandler[] {
  return [
    ...acceptBody(options),
    async function stillSignedIn(req, _res, next) {
      // A guard may admit a visitor who is about to sign in.
      if (req.user) await checkStillSignedIn(deps, req)
      next()
    },
  ]
}
