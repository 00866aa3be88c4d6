import { createUser } from '../../apps/auth-server/src/users/create-user.ts'
import { ask } from '../ask.ts'
import type { Trial } from '../trial.ts'

/** While Redis does not answer, no sign-out is confirmed that was not done. */
export function signOutWhileRedisIsPaused(sessions: number): Trial {
  return {
    ids: 'N7',
    fault: 'Redis stopped (SIGSTOP)',
    moment: 'before signing out',
    planned: 1,
    maySee: [],
    async run({ system, observed, problem, history }) {
      const { origin } = system.auth
      const names = { username: 'signer-out', email: 'signer-out@mail.test' }
      const password = 'four words made for nobody'
      const account = { ...names, password, roles: [], verifiedAt: new Date() }
      await createUser({ users: system.users, config: system.config }, account)
      const cookies: string[] = []
      for (let session = 0; session < sessions; session += 1) {
        const body = { username: names.username, password }
        const signIn = async () => (await ask(`${origin}/login`, { body })).cookie
        // On a busy machine Redis may be slow: a user who was not signed in cannot be signed out.
        cookies.push((await signIn()) || (await signIn()))
      }
      if (cookies.includes('')) problem('a sign-in gave no session')
      system.redis.pause()
      observed('stopped')
      const statuses = await Promise.all(
        cookies.map(async (cookie) => (await ask(`${origin}/logout`, { cookie, body: {} })).status),
      )
      system.redis.resume()
      history.record({ what: 'sign-outs', statuses })
      for (const [index, cookie] of cookies.entries()) {
        const { status: alive } = await ask(`${origin}/session`, { cookie })
        if (statuses[index] === 200 && alive === 200) problem('a session outlived its sign-out')
      }
      if (statuses.includes(200)) problem('a sign-out got a 200 while Redis did not answer')
    },
  }
}
