import type { AppUnderTest } from './app-under-test.ts'

/** Every small app, by its name in the tables. A process loads only the one that it serves. */
export const apps = {
  latchkey: async (options) => (await import('./latchkey.ts')).latchkey(options),
  'stock, node-redis': async (options) => (await import('./stock.ts')).stockOnNodeRedis(options),
  'stock, ioredis': async (options) => (await import('./stock.ts')).stockOnIoredis(options),
  'better-auth': async (options) => (await import('./better-auth.ts')).betterAuthOnRedis(options),
  'better-auth, cookie cache': async (options) =>
    (await import('./better-auth.ts')).betterAuthCookieCache(options),
  'fastify + @fastify/session': async (options) =>
    (await import('./fastify-session.ts')).fastifySession(options),
  'iron-session': async () => (await import('./iron-session.ts')).ironSession(),
  'bare Express route': async () => (await import('./open.ts')).bareExpress(),
  'raw node:http': async () => (await import('./open.ts')).rawHttp(),
} satisfies Record<string, AppUnderTest>

export type AppName = keyof typeof apps

export function isAppName(name: string): name is AppName {
  return Object.hasOwn(apps, name)
}
