import type { Request } from 'express'
import type { RouteDeps } from '../route-deps.ts'
import { endSession } from '../sessions/end-session.ts'
import { endNotedSignIn, noteSignInToEnd } from '../tokens/end-sign-ins.ts'

/** Ends the session of this request, where there is one, and every token of its sign-in. */
export async function endOwnSession(deps: RouteDeps, req: Request): Promise<void> {
  if (!deps.store.isStored(req.session)) return
  await endWithSignIn(deps, req.session.signIn?.id, () => endSession(req))
}

/** The same for another session. */
export async function endStoredSession(deps: RouteDeps, id: string): Promise<void> {
  const session = await deps.store.getSession(id)
  await endWithSignIn(deps, session?.signIn?.id, () => deps.store.deleteSession(id))
}

/**
 * Does what replaces the session of this request by one of `userId`; where it was another account's,
 * every token of its sign-in ends with it.
 */
export async function replaceOwnSession(
  deps: RouteDeps,
  { req, userId, replaceIt }: { req: Request; userId: string; replaceIt: () => Promise<void> },
): Promise<void> {
  const isOther = req.user !== undefined && req.user.id !== userId
  await endWithSignIn(deps, isOther ? req.session.signIn?.id : undefined, replaceIt)
}

/** The note comes first: whoever dies in between, what was begun is completed. */
async function endWithSignIn(
  deps: RouteDeps,
  signInId: string | undefined,
  endIt: () => Promise<unknown>,
): Promise<void> {
  if (signInId !== undefined) await noteSignInToEnd(deps, signInId)
  await endIt()
  if (signInId !== undefined) await endNotedSignIn(deps, signInId)
}
