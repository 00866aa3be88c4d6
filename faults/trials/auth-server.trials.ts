import { strikesWhile } from '../strikes-while.ts'
import type { Sight } from '../tap-link.ts'
import type { Trial } from '../trial.ts'
import { waitUntil } from '../wait-until.ts'

type Death = { moment: string; link: 'mongo' | 'amqp'; sight: Sight }

// The bytes of these names in a command to MongoDB: a type, a name, an end.
const insert = '\x02insert\0'
const pull = '$pull\0'
const mail = 'application/jose'

/** The steps at which auth-server can die, from the request until its outbox is empty again. */
export const authServerDeaths: readonly Death[] = [
  { moment: 'user being inserted', link: 'mongo', sight: { request: insert, at: 'request' } },
  { moment: 'inserted, not answered', link: 'mongo', sight: { request: insert, at: 'answer' } },
  { moment: 'e-mail being published', link: 'amqp', sight: { request: mail, at: 'request' } },
  { moment: 'published, no confirm', link: 'amqp', sight: { request: mail, at: 'answer' } },
  { moment: 'outbox being emptied', link: 'mongo', sight: { request: pull, at: 'request' } },
  { moment: 'outbox empty, not answered', link: 'mongo', sight: { request: pull, at: 'answer' } },
]

/** auth-server is killed at one of its steps and restarted. Its sweep sends what was left. */
export function authServerIsKilled({ moment, link, sight }: Death, signUps: number): Trial {
  return {
    ids: 'F13 N1',
    fault: 'auth-server killed',
    moment,
    planned: 1,
    maySee: ['cut'],
    async run({ system, random, signUp, observed }) {
      const { auth, taps } = system
      const skip = random.below(Math.ceil(signUps / 3))
      const struck = taps[link].strike({ ...sight, skip }, () => auth.signal('SIGKILL'))
      const { done } = await signUp(signUps)
      if (!(await strikesWhile(struck, done))) return
      await waitUntil(() => !auth.isRunning(), 5_000)
      observed('killed')
      await Promise.all([auth.revive(), done])
    },
  }
}
