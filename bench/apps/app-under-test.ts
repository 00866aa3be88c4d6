import type { Server } from 'node:http'

export type AppOptions = {
  redisUrl: string
  /** Of the app's keys in Redis. */
  prefix: string
}

/**
 * A small app as its library's own readme tells to write it. It answers `GET /me` with the user of
 * the session. All but the open ones also have `POST /sign-in`, `POST /visit`, which changes the
 * session, and `POST /sign-out`.
 */
export type AppUnderTest = (options: AppOptions) => Promise<Server>

export const USER = {
  id: '6f1e7ad2c0ffee0123456789',
  username: 'ada',
  email: 'ada@example.com',
  roles: ['customer'],
  verifiedAt: '2026-01-02T03:04:05.000Z',
}

/** Signs cookies, encrypts them where that is how it is done. */
export const SECRET = 'a secret of this length is for measuring alone'

export const IDLE_SECONDS = 14 * 86_400
