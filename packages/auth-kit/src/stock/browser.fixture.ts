import type { Server } from 'node:http'
import { sessionIdOf } from '../test-app.fixture.ts'

/** What an app answered. What differs from one run to the next, ids and times, is left out. */
export type Outcome = { status: number | string; body: string; location?: string; cookies?: string }

export type Browser = {
  /** Asks and gives the outcome. */
  get: (path: string, options?: Asked) => Promise<Outcome>
  post: (path: string, form?: Record<string, string>) => Promise<Outcome>
  ask: (method: string, path: string, options?: Asked) => Promise<Outcome>
  /** The same, with every header. */
  fetch: (method: string, path: string, options?: Asked) => Promise<Response>
  /** `name=value` of the session cookie. */
  cookie: () => string
  origin: string
}

type Asked = {
  form?: Record<string, string>
  headers?: Record<string, string>
  /** A `Cookie` header instead of the browser's own cookies. */
  cookie?: string
}

/** Long enough for a busy machine; a stock app never answers in some scenarios. */
const TIMEOUT_MS = 1500

/**
 * A browser with one jar of cookies.
 *
 * @param beforeEach is called with the session's id before each request that brings one
 */
export function openBrowser(server: Server, beforeEach?: (id: string) => Promise<void>): Browser {
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const jar = new Map<string, string>()
  const sessionCookie = () => `session=${jar.get('session') ?? ''}`

  async function send(method: string, path: string, { form, headers, cookie }: Asked = {}) {
    const id = sessionIdOf(cookie ?? sessionCookie())
    if (id !== '') await beforeEach?.(id)
    const own = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: { cookie: cookie ?? own, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(form && { body: new URLSearchParams(form) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const { name = '', value = '' } = /^(?<name>[^=]+)=(?<value>[^;]*)/.exec(line)?.groups ?? {}
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  async function ask(method: string, path: string, options?: Asked): Promise<Outcome> {
    try {
      const answer = await send(method, path, options)
      const body = await answer.text().catch(() => 'cut off')
      const location = answer.headers.get('location')
      const cookies = answer.headers.getSetCookie().map(withoutValues).join(' | ')
      return {
        status: answer.status,
        body,
        ...(location && { location }),
        ...(cookies && { cookies }),
      }
    } catch {
      return { status: 'no answer', body: '' }
    }
  }

  return {
    fetch: send,
    ask,
    get: (path, options) => ask('GET', path, options),
    post: (path, form) => ask('POST', path, form && { form }),
    cookie: sessionCookie,
    origin,
  }
}

const withoutValues = (cookie: string) =>
  cookie.replace(/=s%3A[^;]+/, '=…').replace(/Expires=[^;]+/, 'Expires=…')
