/**
 * - `not_sealed`: no sealed mail at all, or one that was changed on its way
 * - `unknown_secret`: sealed with a secret that is not among the given ones
 * - `invalid_message`: sealed by us, but no message this version knows
 */
export type UnreadableMailCode = 'not_sealed' | 'unknown_secret' | 'invalid_message'

/** A mail that cannot be sent as it is, however often it is tried. Its message holds no content. */
export class UnreadableMail extends Error {
  readonly code: UnreadableMailCode

  constructor(code: UnreadableMailCode, message: string) {
    super(message)
    this.name = 'UnreadableMail'
    this.code = code
  }
}
