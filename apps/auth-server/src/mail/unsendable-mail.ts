/** A mail that cannot be sent as it is, however often it is tried; the message says why. */
export class UnsendableMail extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'UnsendableMail'
  }
}
