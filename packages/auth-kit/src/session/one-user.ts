import { userOf, type SessionContent } from './session-content.ts'
import { setStamps, stampsOf } from './session-stamps.ts'

/**
 * A session belongs to one user. Passport's `keepSessionInfo`, here or in a stock app, copies it for
 * the next one: nothing of the earlier user goes on then, neither the sign-in and its freshness nor
 * what apps put there. A visitor's session that a user left behind remembers whose it was.
 */
export function leaveEarlierUser(session: SessionContent): void {
  const user = userOf(session)
  const { signIn, ...stamps } = stampsOf(session)
  const earlierId = stamps.epoch?.userId
  if (!user && signIn) setStamps(session, stamps)
  if (!user || earlierId === undefined || earlierId === user.id) return
  for (const field of Object.keys(session)) {
    if (field !== 'cookie') Reflect.deleteProperty(session, field)
  }
  session.passport = { user }
  setStamps(session, {})
}
