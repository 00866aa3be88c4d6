import { type FieldProblem, Problem } from './problem.ts'

/** 400 `invalid_input` with the problem of each field (R41). */
export function invalidInput(fields: FieldProblem[]): Problem {
  return new Problem({
    status: 400,
    code: 'invalid_input',
    detail: 'Please check what you entered.',
    fields,
  })
}
