import type { Request } from 'express'
import { invalidPasskey } from './passkey-errors.ts'

const MINUTES = 10

type Purpose = 'sign_in' | 'register'

declare module 'express-session' {
  interface SessionData {
    /** The challenge that an authenticator has to sign for this browser. */
    passkeyChallenge?: { value: string; purpose: Purpose; at: number }
  }
}

/** Stores the challenge for the answer; it replaces an earlier one. */
export function keepChallenge(req: Request, value: string, purpose: Purpose): void {
  req.session.passkeyChallenge = { value, purpose, at: Date.now() }
}

/** Takes the challenge, which is valid once. @throws Problem 401 `invalid_passkey` if there is none */
export function takeChallenge(req: Request, purpose: Purpose): string {
  const challenge = req.session.passkeyChallenge
  delete req.session.passkeyChallenge
  const isOver = !challenge || Date.now() - challenge.at > MINUTES * 60_000
  if (isOver || challenge.purpose !== purpose) throw invalidPasskey()
  return challenge.value
}
