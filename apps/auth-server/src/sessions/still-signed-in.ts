import type { SessionStore } from 'auth-kit/session'
import type { Request, RequestHandler } from 'express'
import { acceptBody } from 'service-kit'
import { notSignedIn } from '../http/errors.ts'

type Deps = { store: SessionStore }

/**
 * Refuses a request whose session has ended since the guard let it pass: its body may have taken a
 * minute to arrive, and a password takes its time to check. Whatever takes a right away ends the
 * session (sign-out, suspension, other roles, deletion, a reset), so this one question covers all of
 * them. Ask it last, right before the effect.
 *
 * @throws Problem 401 `not_signed_in`
 */
export async function checkStillSignedIn({ store }: Deps, req: Request): Promise<void> {
  const session = await store.getSession(req.sessionID)
  if (!req.user || session?.passport?.user?.id !== req.user.id) throw notSignedIn()
}

/** `acceptBody` for routes behind a guard: what the guard saw still holds when the body is there. */
export function acceptBodySignedIn(deps: Deps, options: { form?: boolean } = {}): RequestHandler[] {
  return [
    ...acceptBody(options),
    async function stillSignedIn(req, _res, next) {
      // A guard may let somebody pass who is about to sign in.
      if (req.user) await checkStillSignedIn(deps, req)
      next()
    },
  ]
}
