import type { Response } from 'supertest'

/** An answer byte for byte, without the headers that differ each time, to compare with others. */
export function bytesOf({ status, text, headers }: Response): string {
  const { date: _date, 'x-request-id': _id, ...others } = headers
  return JSON.stringify({ status, text, others })
}
