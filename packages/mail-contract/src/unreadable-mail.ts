/**
 * - `not_sealed`: not an encrypted e-mail, or one that was changed in transit
 * - `unknown_secret`: encrypted with a secret that is not among the given ones
 * - `invalid_message`: encrypted by us, but not a message that this version knows
 */
export type UnreadableMailCode = 'not_sealed' | 'unknown_secret' | 'invalid_message'

/** An e-mail that cannot be sent, however often it is tried. The error message quotes nothing of it. */
export class UnreadableMail extends Error {
  readonly code: UnreadableMailCode

  constructor(code: UnreadableMailCode, message: string) {
    super(message)
    this.name = 'UnreadableMail'
    this.code = code
  }
}
