/** No e-mail can be sent at the moment; this one is fine. */
export class TransportUnavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TransportUnavailable'
  }
}

/** An e-mail that can never be sent as it is; the message says why. */
export class UnsendableMail extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'UnsendableMail'
  }
}
