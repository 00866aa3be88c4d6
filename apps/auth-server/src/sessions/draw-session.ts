import { moment } from '../http/pages/moment.ts'
import type { OwnSession } from './list-sessions.ts'

/** A session as pages show it, its moments in words. */
export function drawSession(session: OwnSession) {
  return {
    ...session,
    signedIn: moment(session.signedInAt),
    lastUsed: session.lastUsedAt && moment(session.lastUsedAt),
  }
}
