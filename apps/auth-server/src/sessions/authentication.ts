import type { SessionData } from 'express-session'

/** When, and how well, a user proved who they are. */
export type Authentication = {
  at: Date
  /** The assurance level: `aal1` or `aal2` (NIST SP 800-63B-4). */
  acr: string
  /** The methods that were used (RFC 8176). */
  amr: string[]
}

/** How the user of a session signed in; the session's start if it does not say when. */
export function authenticationOf({ signIn, startedAt }: SessionData): Authentication {
  return { at: new Date(signIn?.at || (startedAt ?? 0)), acr: 'aal1', amr: ['pwd'] }
}
