import { userOf, type SessionContent } from './session-content.ts'
import { setStamps, stampsOf } from './session-stamps.ts'

/**
 * Removes everything of an earlier user, since a session belongs to one user. Passport's
 * `keepSessionInfo`, here or in a stock app, copies the content of a session for the next user: neither
 * the sign-in and its time nor the data of apps may carry over. The epoch remembers the earlier user even
 * while the session has none.
 */
export function removeEarlierUser(session: SessionContent): void {
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
