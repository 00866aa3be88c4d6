import type { ServerResponse } from 'node:http'
import { delayDestroy } from './delay-destroy.ts'
import { type AnswerMethod, settleHead, wouldThrow } from './settle-head.ts'

/** What has to happen before an answer goes out. */
export type BeforeAnswer = {
  /** Asked once before the first byte and once before the last; undefined: the answer may go out. */
  work: () => Promise<void> | undefined
  /** Runs just before the head is written: the last chance to set a header. */
  onHead: () => void
  /** The work failed before the head was out: another answer takes the place of the held one. */
  fail: (error: unknown) => void
  /** The work failed when the head was out already, or sending did. */
  giveUp: (error: unknown) => void
}

/**
 * Holds the answer back while the work before it runs. To the handler it is out already: `headersSent`
 * is true, its status and headers are settled, and a second answer throws `ERR_HTTP_HEADERS_SENT`.
 */
export function holdAnswer(res: ServerResponse, before: BeforeAnswer): void {
  const real = bindMethods(res)
  const writeHead = res.writeHead.bind(res)
  let state: 'open' | 'held' | 'out' | 'replaced' = 'open'
  let queue: (() => unknown)[] = []
  // Work that never is done, a session that differs each time it is read, holds no answer for ever.
  let isLastHeld = false

  function answer(method: AnswerMethod, args: never[]): unknown {
    // Another answer went out instead: what the handler still says is said to nobody.
    if (state === 'replaced' && res.writableEnded) return method === 'write' ? false : res
    if (wouldThrow(res, method, args)) return real[method](...args)
    if (state === 'held')
      return method === 'writeHead' ? real[method](...args) : enqueue(method, args)
    const isHead = state === 'open'
    const isLast = state === 'out' && method === 'end' && !isLastHeld
    const work = isHead || isLast ? before.work() : undefined
    isLastHeld ||= isLast
    if (work) return hold(work, { isHead, method, args })
    if (isHead) before.onHead()
    if (isHead) state = 'out'
    return real[method](...args)
  }

  function hold(
    work: Promise<void>,
    { isHead, method, args }: { isHead: boolean; method: AnswerMethod; args: never[] },
  ): unknown {
    if (method === 'writeHead') settleHead(res, args)
    const thaw = freeze(res, isHead)
    state = 'held'
    const send = () => {
      if (isHead) before.onHead()
      state = 'out'
      sendQueue()
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
    queue.push(() => (method === 'writeHead' ? writeHead(res.statusCode) : answer(method, args)))
    // Typed as read-only, but Node's own `end` sets it too: `writableEnded` is read from it.
    if (method === 'end') Reflect.set(res, 'finished', true)
    return method === 'write' ? false : res
  }

  function sendQueue(): void {
    let wrote: unknown
    // One of these may be held again.
    // oxlint-disable-next-line no-unmodified-loop-condition
    while (state === 'out' && queue.length > 0) wrote = queue.shift()?.()
    // The writer was asked to wait for it.
    if (wrote === true && !res.writableEnded) res.emit('drain')
  }

  Object.assign(res, {
    writeHead: (...args: never[]) => answer('writeHead', args),
    flushHeaders: (...args: never[]) => answer('flushHeaders', args),
    write: (...args: never[]) => answer('write', args),
    end: (...args: never[]) => answer('end', args),
  })
}

/** Node itself, and what Express apps use, tell by `_header` that the head is out. */
function freeze(res: ServerResponse, isHead: boolean): (then: () => void) => void {
  const { statusCode, statusMessage, socket } = res
  const allowDestroy = socket ? delayDestroy(socket) : undefined
  if (isHead) Reflect.set(res, '_header', 'held')
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
