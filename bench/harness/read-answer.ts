export type Answer = { status: number; head: string; body: string }

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/**
 * Reads the first complete HTTP/1.1 answer from a connection's data so far, as latin1 text.
 *
 * @returns undefined until it is complete
 */
export function readAnswer(received: string): { answer: Answer; rest: string } | undefined {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = received.slice(0, headEnd)
  const bodyStart = headEnd + HEAD_END.length
  const read = /\r\ntransfer-encoding: *chunked/i.test(head)
    ? readChunks(received, bodyStart)
    : readLength(received, bodyStart, head)
  if (!read) return undefined
  const answer = { status: Number(head.slice(9, 12)), head, body: read.body }
  return { answer, rest: received.slice(read.end) }
}

function readLength(received: string, start: number, head: string) {
  const end = start + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  return received.length < end ? undefined : { body: received.slice(start, end), end }
}

function readChunks(received: string, start: number) {
  let body = ''
  for (let at = start; ;) {
    const lineEnd = received.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(received.slice(at, lineEnd), 16)
    if (size === 0) {
      const end = at + LAST_CHUNK.length
      return received.length < end ? undefined : { body, end }
    }
    at = lineEnd + 2 + size + 2
    if (received.length < at) return undefined
    body += received.slice(lineEnd + 2, at - 2)
  }
}
