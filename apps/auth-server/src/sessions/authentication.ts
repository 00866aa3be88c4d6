import type { Request } from 'express'
import type { SessionData } from 'express-session'

/** When and how a user proved their identity. */
export type Authentication = {
  at: Date
  /** The assurance level: `aal1` or `aal2` (NIST SP 800-63B-4). */
  acr: string
  /** The methods used (RFC 8176). */
  amr: string[]
}

/** How the user of a session signed in; without a known time, at the start of the session. */
export function authenticationOf({ authKit }: SessionData): Authentication {
  const { signIn, startedAt } = authKit ?? {}
  const { at, acr = 'aal1', amr = ['pwd'] } = signIn ?? {}
  return { at: new Date(at || (startedAt ?? 0)), acr, amr }
}

/** The assurance level of these methods: `aal2` with two factors. */
export function levelOf(amr: readonly string[]): 'aal1' | 'aal2' {
  return amr.includes('mfa') ? 'aal2' : 'aal1'
}

/** The methods plus a second factor. */
export function withSecondFactor(amr: readonly string[], method: 'otp' | 'pop'): string[] {
  return [...new Set([...amr, method, 'mfa'])]
}

/** Whether the password was entered at the sign-in of this session. */
export function hasUsedPassword({ session }: Request): boolean {
  return authenticationOf(session).amr.includes('pwd')
}
