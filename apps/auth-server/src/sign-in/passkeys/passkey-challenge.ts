import type { Request } from 'express'
import { invalidPasskey } from './passkey-errors.ts'

const MINUTES = 10

type Purpose = 'sign_in' | 'register'

declare module 'express-session' {
  interface SessionData {
    /** What an authenticator is to sign for this browser. */
    passkeyChallenge?: { value: string; purpose: Purpose; at: number }
  }
}

/** Keeps the challenge for the answer to come; an earlier one is void. */
export function keepChallenge(req: Request, value: string, purpose: Purpose): void {
  req.session.passkeyChallenge = { value, purpose, at: Date.now() }
}

/** Takes the challenge, which is good once. @throws Problem 401 `invalid_passkey` if there is none */
export function takeChallenge(req: Request, purpose: Purpose): string {
  const challenge = req.session.passkeyChallenge
  delete req.session.passkeyChallenge
  const isOver = !challenge || Date.now() - challenge.at > MINUTES * 60_000
  if (isOver || challenge.purpose !== purpose) throw invalidPasskey()
  return challenge.value
}
