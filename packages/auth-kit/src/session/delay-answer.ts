import type { ServerResponse } from 'node:http'
import { delayDestroy } from './delay-destroy.ts'
import { type AnswerMethod, applyHead, wouldThrow } from './apply-head.ts'

/** What must happen before an answer goes out. */
export type BeforeAnswer = {
  /** Called before the first byte and before the last. Undefined if there is nothing to wait for. */
  work: () => Promise<void> | undefined
  /** Called just before the head is written, the last chance to set a header. If it throws, `fail` is called. */
  onHead: () => void
  /** Called if the work fails before the head is out. Sends another answer instead. */
  fail: (error: unknown) => void
  /** Called if the work fails after the head is out, or if sending fails. */
  giveUp: (error: unknown) => void
}

/**
 * Delays the answer while the work before it runs. To the handler, it looks sent: `headersSent` is
 * true, status and headers are final, and a second answer throws `ERR_HTTP_HEADERS_SENT`.
 */
export function delayAnswer(res: ServerResponse, before: BeforeAnswer): void {
  const real = bindMethods(res)
  const writeHead = res.writeHead.bind(res)
  // A lazy session may be opened only after the handler has begun to answer.
  let state: 'open' | 'delayed' | 'out' | 'replaced' = res.headersSent ? 'out' : 'open'
  let queue: (() => unknown)[] = []
  // How many more bytes fit into the declared length. Two files sent at once both fill the queue.
  let room = Infinity
  // Delays the end only once: a session that differs on every read would delay it forever.
  let isLastDelayed = false

  function answer(method: AnswerMethod, args: never[]): unknown {
    // Another answer was sent instead. Ignore whatever the handler still sends.
    if (state === 'replaced' && res.writableEnded) return method === 'write' ? false : res
    if (wouldThrow(res, method, args)) return real[method](...args)
    if (state === 'delayed')
      return method === 'writeHead' ? real[method](...args) : enqueue(method, args)
    const isHead = state === 'open'
    const isLast = state === 'out' && method === 'end' && !isLastDelayed
    const work = isHead || isLast ? before.work() : undefined
    isLastDelayed ||= isLast
    if (work) return delay(work, { isHead, method, args })
    if (isHead && !beginHead()) return method === 'write' ? false : res
    return real[method](...args)
  }

  /** False if the head cannot be completed, and another answer goes out instead. */
  function beginHead(): boolean {
    try {
      before.onHead()
      state = 'out'
      return true
    } catch (error) {
      state = 'replaced'
      before.fail(error)
      return false
    }
  }

  function delay(
    work: Promise<void>,
    { isHead, method, args }: { isHead: boolean; method: AnswerMethod; args: never[] },
  ): unknown {
    if (method === 'writeHead') applyHead(res, args)
    const thaw = freeze(res, isHead)
    state = 'delayed'
    room = isHead ? Number(res.getHeader('Content-Length') ?? Infinity) : Infinity
    const send = () => {
      if (!isHead) state = 'out'
      if (!isHead || beginHead()) sendQueue()
    }
    const fail = (error: unknown) => {
      state = isHead ? 'replaced' : 'out'
      queue = []
      if (isHead) before.fail(error)
      else before.giveUp(error)
    }
    work
      .then(
        () => thaw(send),
        (error: unknown) => thaw(() => fail(error)),
      )
      .catch(before.giveUp)
    return enqueue(method, args)
  }

  function enqueue(method: AnswerMethod, args: never[]): unknown {
    room -= sizeOf(args)
    if (room < 0) return method === 'write' ? true : res
    queue.push(() => (method === 'writeHead' ? writeHead(res.statusCode) : answer(method, args)))
    // Typed as read-only, but Node's own `end` sets it, too: `writableEnded` is derived from it.
    if (method === 'end') Reflect.set(res, 'finished', true)
    return method === 'write' ? false : res
  }

  function sendQueue(): void {
    let wrote: unknown
    // One of these calls may delay the answer again.
    // oxlint-disable-next-line no-unmodified-loop-condition
    while (state === 'out' && queue.length > 0) wrote = queue.shift()?.()
    // `write` returned false before, so the writer waits for this event.
    if (wrote === true && !res.writableEnded) res.emit('drain')
  }

  Object.assign(res, {
    writeHead: (...args: never[]) => answer('writeHead', args),
    flushHeaders: (...args: never[]) => answer('flushHeaders', args),
    write: (...args: never[]) => answer('write', args),
    end: (...args: never[]) => answer('end', args),
  })
}

/** Makes the head look sent: Node and Express middleware check `_header`. */
function freeze(res: ServerResponse, isHead: boolean): (then: () => void) => void {
  const { statusCode, statusMessage, socket } = res
  const allowDestroy = socket ? delayDestroy(socket) : undefined
  if (isHead) Reflect.set(res, '_header', 'delayed')
  return function thaw(then) {
    if (isHead) Reflect.set(res, '_header', null)
    Reflect.set(res, 'finished', false)
    Object.assign(res, { statusCode, statusMessage })
    try {
      then()
    } finally {
      allowDestroy?.()
    }
  }
}

function bindMethods(res: ServerResponse): Record<AnswerMethod, (...args: never[]) => unknown> {
  return {
    writeHead: res.writeHead.bind(res),
    flushHeaders: res.flushHeaders.bind(res),
    write: res.write.bind(res),
    end: res.end.bind(res),
  }
}

/** The bytes of a chunk to write, if there is one. */
function sizeOf([chunk, encoding]: unknown[]): number {
  if (typeof chunk === 'string')
    return Buffer.byteLength(chunk, isEncoding(encoding) ? encoding : 'utf8')
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}

function isEncoding(value: unknown): value is BufferEncoding {
  return typeof value === 'string' && Buffer.isEncoding(value)
}
