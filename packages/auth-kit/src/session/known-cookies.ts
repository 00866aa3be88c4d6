import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { readSessionId } from './session-cookie.ts'

const MOST_KNOWN = 10_000
/** Longer headers are read anew, so that what is known stays small. */
const LONGEST = 2048

/**
 * `readSessionId` that remembers the `Cookie` headers it has checked: browsers send the same one
 * again and again. Only those that name a session under a good signature, so that made-up ones push
 * nothing out.
 */
export function sessionIdReader(name: string, secrets: readonly string[]) {
  const known = new LRUCache<string, string>({ max: MOST_KNOWN })

  return function readKnownId(req: IncomingMessage): string | undefined {
    const { cookie } = req.headers
    if (cookie === undefined) return undefined
    const found = known.get(cookie)
    if (found !== undefined) return found
    const id = readSessionId(req, name, secrets)
    if (id !== undefined && cookie.length <= LONGEST) known.set(cookie, id)
    return id
  }
}
