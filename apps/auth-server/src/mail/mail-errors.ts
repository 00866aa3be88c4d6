/** No mail at all can be sent at the moment: nothing is wrong with this one. */
export class WayBlocked extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'WayBlocked'
  }
}
