/** An e-mail was not accepted. `reason` is one line for an operator, without the e-mail's link. */
export class MailError extends Error {
  /** Whether the same e-mail may be accepted later. */
  readonly temporary: boolean
  readonly reason: string

  constructor({
    temporary,
    reason,
    cause,
  }: {
    temporary: boolean
    reason: string
    cause?: unknown
  }) {
    super(reason, { cause })
    this.name = 'MailError'
    this.temporary = temporary
    this.reason = reason
  }
}
