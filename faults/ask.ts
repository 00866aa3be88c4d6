import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The outcome for a client: a status, or none because the connection broke or the client stopped waiting.
 */
export type Status = number | 'cut' | 'late'

export type Reply = { status: Status; body: Record<string, unknown>; cookie: string }

type Question = { method?: 'GET' | 'POST'; body?: unknown; cookie?: string }

// A client's patience: no promise takes longer.
const patienceMs = 10_000
const secondsToFindTheServer = 40

/**
 * Sends one JSON request, as a program does. If nothing listens, nothing was sent, so it is sent again
 * until something does.
 */
export async function ask(url: string, { method, body, cookie }: Question = {}): Promise<Reply> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    // A kept-alive connection would break because of an earlier server's end, not this one's.
    connection: 'close',
    ...(cookie && { cookie }),
  }
  const post = body === undefined ? {} : { body: JSON.stringify(body) }
  const verb = method ?? (body === undefined ? 'GET' : 'POST')
  for (let attempt = 0; attempt < secondsToFindTheServer * 10; attempt += 1) {
    try {
      const signal = AbortSignal.timeout(patienceMs)
      return await read(await fetch(url, { method: verb, headers, signal, ...post }))
    } catch (error) {
      if (!isRefused(error)) return { status: isLate(error) ? 'late' : 'cut', body: {}, cookie: '' }
      await sleep(100)
    }
  }
  throw new Error(`nothing listens at ${url}`)
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return { status: response.status, body: parse(text), cookie: cookie.join('; ') }
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

// In a test, errors come from another realm, so `instanceof` does not work.
function isLate(error: unknown): boolean {
  return hasKey(error, 'name') && error.name === 'TimeoutError'
}

function isRefused(error: unknown): boolean {
  if (!hasKey(error, 'cause')) return false
  return hasKey(error.cause, 'code') && error.cause.code === 'ECONNREFUSED'
}

function hasKey<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value
}
