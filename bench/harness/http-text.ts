import type { Answer } from './read-answer.ts'

/**
 * The script of one connection: returns the next request as text, given the answer to the last one. It
 * throws if that answer is unexpected, and returns undefined when it has no more requests.
 */
export type Script = (last: Answer | undefined) => string | undefined

type Request = {
  method?: 'GET' | 'POST' | 'DELETE'
  path: string
  headers?: Record<string, string>
  /** A form, which makes POST the default method. */
  form?: Record<string, string>
  json?: unknown
}

/** An HTTP/1.1 request as text, for `load`. */
export function httpText({ method, path, headers = {}, form, json }: Request): string {
  const body = form ? new URLSearchParams(form).toString() : json ? JSON.stringify(json) : ''
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const lines = [
    `${method ?? (body ? 'POST' : 'GET')} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** @throws Error if the answer is not a success */
export function expectSuccess(answer: Answer | undefined): void {
  if (answer && answer.status >= 300)
    throw new Error(`answered ${answer.status}: ${answer.body.slice(0, 300)}`)
}

/** Sends the given requests in turn, over and over, and expects each to succeed. */
export function inTurn(requests: readonly string[]): Script {
  let at = 0
  return (last) => {
    expectSuccess(last)
    const request = requests[at]
    at = (at + 1) % requests.length
    return request
  }
}

/** Sends the given requests once. */
export function onceEach(requests: readonly string[]): Script {
  const rest = requests.values()
  return (last) => {
    expectSuccess(last)
    return rest.next().value
  }
}

/** The cookies of an answer, as a browser would send them back. */
export function cookiesOf({ head }: Answer): string {
  return [...head.matchAll(/\r\nset-cookie: *([^;\r]*)/gi)].map((match) => match[1]).join('; ')
}
