import { isKeySet, type JsonWebKeySet } from './read-keys.ts'

/** How long the auth server may take to give its keys, ms. */
const DEADLINE_MS = 2000

/**
 * The key set at an address, and by how many seconds the clock there is ahead of ours, to a second.
 *
 * @throws when it does not answer in 2 s, or with something else
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
