import type { SessionStore } from 'auth-kit/session'
import { deviceInWords } from './device.ts'

/** A session as its user sees it. `id` is that of the sign-in: the cookie's is a key. */
export type OwnSession = {
  id: string
  current: boolean
  device: string
  address: string | null
  signedInAt: Date | null
  lastUsedAt: Date | null
}

/** The running sessions of a user, this one first, then by last use. */
export async function listSessions(
  store: SessionStore,
  { userId, sessionId }: { userId: string; sessionId?: string },
): Promise<OwnSession[]> {
  const all = await store.listSessions(userId)
  const sessions = all.map(({ id, session }) => ({
    id: session.signIn?.id ?? '',
    current: id === sessionId,
    device: deviceInWords(session.device?.userAgent ?? ''),
    address: session.device?.address || null,
    signedInAt: momentOf(session.startedAt),
    lastUsedAt: momentOf(session.lastUsedAt),
  }))
  return sessions.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0),
  )
}

function momentOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms)
}
