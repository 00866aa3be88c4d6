import type { startTestApp } from './auth-server.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>

/** As though the password of this session had been given so many minutes earlier. */
export async function ageSignIn(server: Server, cookie: string, minutes: number): Promise<void> {
  const [, id] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? []
  const key = `${server.keyPrefix}sess:${id}`
  const session = JSON.parse((await server.redis.get(key)) ?? '{}')
  session.signIn.at -= minutes * 60_000
  await server.redis.set(key, JSON.stringify(session), 'KEEPTTL')
}

/** As though the user of this session had given a second factor, too. */
export async function raiseToTwoFactors(server: Server, cookie: string): Promise<void> {
  const [, id] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? []
  const key = `${server.keyPrefix}sess:${id}`
  const session = JSON.parse((await server.redis.get(key)) ?? '{}')
  session.signIn = { ...session.signIn, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }
  await server.redis.set(key, JSON.stringify(session), 'KEEPTTL')
}
