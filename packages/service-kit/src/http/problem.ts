export type FieldProblem = { field: string; message: string }

type ProblemOptions = {
  status: number
  code: string
  detail: string
  headers?: Record<string, string>
  fields?: FieldProblem[]
  /** Further members of the JSON answer (RFC 9457 §3.2). */
  extra?: Record<string, string>
  /** Further members that are lists. */
  lists?: Record<string, readonly string[]>
  cause?: unknown
}

/** An expected failure, answered as RFC 9457 problem details. `detail` is shown to the client. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>
  readonly fields: FieldProblem[]
  readonly extra: Record<string, string>
  readonly lists: Record<string, readonly string[]>

  constructor({
    status,
    code,
    detail,
    headers = {},
    fields = [],
    extra = {},
    lists = {},
    cause,
  }: ProblemOptions) {
    super(detail, cause === undefined ? {} : { cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.headers = headers
    this.fields = fields
    this.extra = extra
    this.lists = lists
  }
}
