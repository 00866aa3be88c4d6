import type { Server } from 'node:http'

export type AppOptions = {
  redisUrl: string
  /** The prefix of the app's keys in Redis. */
  prefix: string
}

/**
 * A small app, written as its library's own README says. It answers `GET /me` with the session's user. All
 * but the open ones also have `POST /sign-in`, `POST /visit` (changes the session) and `POST /sign-out`.
 */
export type AppUnderTest = (options: AppOptions) => Promise<Server>

export const USER = {
  id: '6f1e7ad2c0ffee0123456789',
  username: 'ada',
  email: 'ada@example.com',
  roles: ['customer'],
  verifiedAt: '2026-01-02T03:04:05.000Z',
}

/** Signs cookies, or encrypts them if the library does. */
export const SECRET = 'a secret of this length is for measuring alone'

export const IDLE_SECONDS = 14 * 86_400
