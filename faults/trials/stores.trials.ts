import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { strikesWhile } from '../strikes-while.ts'
import type { Trial } from '../trial.ts'
import { untilCalm } from '../until-calm.ts'

const insert = '\x02insert\0'

/** MongoDB is killed while people sign up, and restarted: 503 or 202, never half done. */
export function mongoIsKilled(at: 'request' | 'answer' | 'any', signUps: number): Trial {
  const moments = {
    request: 'an insert in flight',
    answer: 'inserted, not answered',
    any: 'any',
  }
  return {
    ids: 'F7 N9',
    fault: 'MongoDB killed',
    moment: moments[at],
    planned: 1,
    maySee: [503],
    async run({ system, random, signUp, observed }) {
      const { mongo, taps } = system
      const kill = () => void process.kill(mongo.pid, 'SIGKILL')
      const sight = { request: insert, skip: random.below(Math.ceil(signUps / 3)) }
      // Not earlier: invites are written here too, and they are not on trial.
      const { done } = await signUp(signUps)
      const blow =
        at === 'any'
          ? sleep(random.below(200)).then(kill)
          : taps.mongo.strike({ ...sight, at }, kill)
      if (!(await strikesWhile(blow, done))) return
      await mongo.kill()
      observed('killed')
      await sleep(random.below(500))
      await Promise.all([mongo.restart(), done])
    },
  }
}

/** MongoDB stops answering for longer than a request may take. */
export function mongoIsPaused(signUps: number): Trial {
  return {
    ids: 'F7',
    fault: 'MongoDB stopped (SIGSTOP)',
    moment: 'an insert in flight',
    planned: 1,
    maySee: [503],
    async run({ system, random, signUp, observed }) {
      const { mongo, taps } = system
      const sight = { request: insert, at: 'request', skip: random.below(3) } as const
      const { done } = await signUp(signUps)
      const struck = taps.mongo.strike(sight, () => mongo.pause())
      if (!(await strikesWhile(struck, done))) return
      observed('stopped')
      await sleep(2_500)
      mongo.resume()
      await done
    },
  }
}

/** Redis is killed and comes back empty: accounts, invites and links were never in it. */
export function redisIsEmptied(signUps: number): Trial {
  return {
    ids: 'F6',
    fault: 'Redis killed and emptied',
    moment: 'any',
    planned: 1,
    maySee: [503],
    async run({ system, random, signUp, observed }) {
      const { redis, redisDir } = system
      // Only Redis knows which e-mails were sent, so none may be in transit.
      await untilCalm(system)
      const { done } = await signUp(signUps)
      await sleep(random.below(200))
      await redis.kill()
      for (const name of await readdir(redisDir))
        await rm(join(redisDir, name), { recursive: true, force: true })
      observed('killed and emptied')
      await sleep(random.below(500))
      await Promise.all([redis.restart(), done])
    },
  }
}
