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
