import type { SessionData } from 'express-session'
import { deviceInWords } from '../http/request-device.ts'
import type { SignInRecord } from './sign-in.model.ts'

/** A session as people are shown it. `id` is that of the sign-in: the session's own is a key. */
export type DescribedSession = {
  id: string | null
  device: string
  address: string | null
  /** When the password was last given; if unknown, when the session began. */
  signedInAt: Date
  lastUsedAt: Date | null
}

/** Describes a stored session, the same in every list and page. */
export function describeSession({ authKit, device }: SessionData): DescribedSession {
  // The store notes on each session when it began: the 0 is for the types alone.
  const { signIn, startedAt = 0, lastUsedAt } = authKit ?? {}
  return {
    id: signIn?.id ?? null,
    device: deviceInWords(device?.userAgent ?? ''),
    address: device?.address || null,
    signedInAt: new Date(signIn?.at || startedAt),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt),
  }
}

/** The same for a sign-in by way of a client: what its tokens were used for last, nobody here knows. */
export function describeSignIn({ _id, startedAt, by }: SignInRecord): DescribedSession {
  const { client = '', userAgent = '', address = '' } = by ?? {}
  return {
    id: _id,
    device: userAgent === '' ? client : `${client}, ${deviceInWords(userAgent)}`,
    address: address || null,
    signedInAt: startedAt,
    lastUsedAt: null,
  }
}
