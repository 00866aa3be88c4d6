import type { startTestApp } from './auth-server.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>
type Authentication = { at: number; acr?: string; amr?: string[] }

/** Moves the sign-in of a session into the past by some minutes. */
export async function ageSignIn(server: Server, cookie: string, minutes: number): Promise<void> {
  await changeSignIn(server, cookie, ({ at }) => ({ at: at - minutes * 60_000 }))
}

/** Changes a session as if its user had also entered a second factor. */
export async function raiseToTwoFactors(server: Server, cookie: string): Promise<void> {
  await changeSignIn(server, cookie, () => ({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }))
}

async function changeSignIn(
  server: Server,
  cookie: string,
  change: (signIn: Authentication) => Partial<Authentication>,
): Promise<void> {
  const [, id] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? []
  const key = `${server.keyPrefix}sess:${id}`
  const session = JSON.parse((await server.redis.get(key)) ?? '{}')
  const { signIn } = session.authKit
  Object.assign(signIn, change(signIn))
  await server.redis.set(key, JSON.stringify(session), 'KEEPTTL')
}
