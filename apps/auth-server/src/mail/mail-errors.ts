/** No mail at all can be sent at the moment: nothing is wrong with this one. */
export class TransportUnavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TransportUnavailable'
  }
}

/** A mail that cannot be sent as it is, however often it is tried; the message says why. */
export class UnsendableMail extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'UnsendableMail'
  }
}
