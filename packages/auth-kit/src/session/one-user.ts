import { userOf, type SessionContent } from './session-content.ts'

/**
 * A session belongs to one user. Passport's `keepSessionInfo`, here or in a stock app, copies it for
 * the next one: nothing of the earlier user goes on then, neither the sign-in and its freshness nor
 * what apps put there. A visitor's session that a user left behind remembers whose it was.
 */
export function leaveEarlierUser(session: SessionContent): void {
  const user = userOf(session)
  const earlierId = session.epoch?.userId
  if (!user) Reflect.deleteProperty(session, 'signIn')
  if (!user || earlierId === undefined || earlierId === user.id) return
  for (const field of Object.keys(session)) {
    if (field !== 'cookie') Reflect.deleteProperty(session, field)
  }
  session.passport = { user }
}
