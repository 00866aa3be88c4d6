export type FieldProblem = { field: string; message: string }

type ProblemOptions = {
  status: number
  code: string
  detail: string
  headers?: Record<string, string>
  fields?: FieldProblem[]
  cause?: unknown
}

/** An expected failure, answered as RFC 9457 problem details. `detail` is shown to the client. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>
  readonly fields: FieldProblem[]

  constructor({ status, code, detail, headers = {}, fields = [], cause }: ProblemOptions) {
    super(detail, cause === undefined ? {} : { cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.headers = headers
    this.fields = fields
  }
}
