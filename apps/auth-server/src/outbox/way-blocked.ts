/** No mail can be sent at the moment, whichever it is: nothing is said against this one. */
export class WayBlocked extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'WayBlocked'
  }
}
