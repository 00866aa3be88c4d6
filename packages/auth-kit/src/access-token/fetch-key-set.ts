import { isKeySet, type JsonWebKeySet } from './read-keys.ts'

/** How long the auth server may take to answer, ms. */
const DEADLINE_MS = 2000

/**
 * Fetches the key set at a URL. `ahead` is how far its clock is ahead of this one, in whole seconds.
 *
 * @throws if there is no answer within 2 s, or the answer is not a key set
 */
export async function fetchKeySet(url: URL): Promise<{ set: JsonWebKeySet; ahead: number }> {
  const answer = await fetch(url, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  const set: unknown = answer.ok ? await answer.json() : undefined
  if (!isKeySet(set)) throw new Error(`no key set at ${url.href}: status ${answer.status}`)
  const there = Date.parse(answer.headers.get('Date') ?? '')
  const ahead = Number.isNaN(there) ? 0 : Math.round((there - Date.now()) / 1000)
  return { set, ahead }
}
