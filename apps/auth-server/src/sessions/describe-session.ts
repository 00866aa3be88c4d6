import type { SessionData } from 'express-session'
import { deviceInWords } from '../http/request-device.ts'
import type { SignInRecord } from './sign-in.model.ts'

/** A session as people see it. `id` is the SSO session's, because the session's own id is a key. */
export type DescribedSession = {
  id: string | null
  device: string
  address: string | null
  /** The time of the last authentication; if unknown, of the start of the session. */
  signedInAt: Date
  lastUsedAt: Date | null
}

/** Describes a stored session, the same in every list and page. */
export function describeSession({ authKit, ...content }: SessionData): DescribedSession {
  // The store sets `startedAt` on each session: the 0 is for the types only.
  const { signIn, startedAt = 0, lastUsedAt } = authKit ?? {}
  const { userAgent, address } = signIn?.device ?? earlierDevice(content)
  return {
    id: signIn?.id ?? null,
    device: deviceInWords(userAgent),
    address: address || null,
    signedInAt: new Date(signIn?.at || startedAt),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt),
  }
}

/** Where earlier versions noted the device. An app's own field of that name may hold anything. */
function earlierDevice(content: object): { userAgent: string; address: string } {
  const { device }: { device?: unknown } = { ...content }
  const { userAgent, address }: { userAgent?: unknown; address?: unknown } = Object(device)
  const isText = typeof userAgent === 'string' && typeof address === 'string'
  return isText ? { userAgent, address } : { userAgent: '', address: '' }
}

/** Describes a sign-in through a client. The last use of its tokens is unknown here. */
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
