import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { readSessionId } from './session-cookie.ts'

const MOST_KNOWN = 10_000
/** Longer headers are not remembered, to limit memory. */
const LONGEST = 2048

/**
 * A `readSessionId` that remembers the `Cookie` headers it has checked, since browsers repeat them.
 * Remembers only those with a validly signed session id, so that made-up ones evict nothing, and
 * forgets all of them when the secrets change.
 */
export function sessionIdReader(name: string, secrets: readonly string[]) {
  const known = new LRUCache<string, string>({ max: MOST_KNOWN })
  let checkedWith = [...secrets]

  return function readKnownId(req: IncomingMessage): string | undefined {
    const { cookie } = req.headers
    if (cookie === undefined) return undefined
    if (!isSame(secrets, checkedWith)) {
      known.clear()
      checkedWith = [...secrets]
    }
    const found = known.get(cookie)
    if (found !== undefined) return found
    const id = readSessionId(req, name, secrets)
    if (id !== undefined && cookie.length <= LONGEST) known.set(cookie, id)
    return id
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((secret, at) => secret === others[at])
}
