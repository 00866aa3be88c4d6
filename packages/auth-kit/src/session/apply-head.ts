import type { ServerResponse } from 'node:http'

/** The methods that send an answer or a part of it. */
export type AnswerMethod = 'writeHead' | 'flushHeaders' | 'write' | 'end'

/** Applies the arguments of `writeHead` to the response, so that the head can be written later. */
export function applyHead(res: ServerResponse, args: readonly unknown[]): void {
  const [statusCode, message, headers] = args
  res.statusCode = Number(statusCode)
  if (typeof message === 'string') res.statusMessage = message
  const given = headersOf(typeof message === 'string' ? headers : (headers ?? message))
  for (const [name, value] of given) res.setHeader(name, value)
}

/** Reads an object, a list of pairs, or a flat list of alternating names and values. */
function headersOf(headers: unknown): [name: string, value: string | string[]][] {
  if (!Array.isArray(headers)) return Object.entries(Object(headers)).map(asHeader)
  if (headers.every((entry) => Array.isArray(entry))) return headers.map(asHeader)
  const names = headers.filter((_, at) => at % 2 === 0)
  return names.map((name, at) => asHeader([name, headers[at * 2 + 1]]))
}

function asHeader([name, value]: readonly unknown[]): [string, string | string[]] {
  return [String(name), Array.isArray(value) ? value.map(String) : String(value)]
}

/** Whether Node would throw for this call, so that the error reaches the handler at once. */
export function wouldThrow(
  res: ServerResponse,
  method: AnswerMethod,
  [first]: readonly unknown[],
): boolean {
  const status = method === 'writeHead' ? Number(first) : res.statusCode
  if (!(status >= 100 && status <= 999)) return true
  if (method === 'write') return !isChunk(first)
  return method === 'end' && first != null && typeof first !== 'function' && !isChunk(first)
}

function isChunk(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array
}
