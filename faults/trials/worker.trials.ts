import { setTimeout as sleep } from 'node:timers/promises'
import type { Step } from '../catch-mails.ts'
import { strikesWhile } from '../strikes-while.ts'
import type { Trial } from '../trial.ts'

type Death = {
  moment: string
  step: Step
  /** What happens to the current e-mail: SMTP accepts it, or drops the connection. */
  answer: 'accept' | 'drop'
  /** Milliseconds between the answer and the death. */
  afterMs?: number
}

/** The steps at which a worker can die, in the order of an e-mail's way. */
export const workerDeaths: readonly Death[] = [
  { moment: 'before the text is sent', step: 'recipient', answer: 'accept' },
  { moment: 'text sent, no 250', step: 'text', answer: 'drop' },
  { moment: '250 said, not recorded', step: 'text', answer: 'accept' },
  { moment: 'recorded, not acknowledged', step: 'text', answer: 'accept', afterMs: 4 },
  { moment: 'any', step: 'recipient', answer: 'accept', afterMs: 100 },
]

/** The worker is killed at one of its steps, and another one replaces it. */
export function workerIsKilled(death: Death, signUps: number): Trial {
  return {
    ids: 'F14 N1',
    fault: 'worker killed',
    moment: death.moment,
    planned: 1,
    maySee: [],
    async run({ system, random, signUp, observed, workerDied }) {
      const { smtp, worker } = system
      const { promise: struck, resolve } = Promise.withResolvers<void>()
      let left = random.below(Math.ceil(signUps / 2))
      const kill = () => {
        worker.signal('SIGKILL')
        workerDied()
        resolve()
      }
      smtp.follow((step) => {
        if (step !== death.step || left < 0) return 'accept'
        left -= 1
        if (left >= 0) return 'accept'
        const { afterMs } = death
        if (afterMs === undefined) kill()
        else setTimeout(kill, random.below(afterMs + 1))
        return death.answer
      })
      const { done } = await signUp(signUps)
      const isStruck = await strikesWhile(struck, done)
      smtp.behave()
      if (!isStruck) return
      await Promise.all([done, worker.revive()])
      observed('killed')
    },
  }
}

/** The worker stops for longer than it may hold an e-mail, and continues where it was. */
export function workerIsPaused(signUps: number): Trial {
  return {
    ids: 'F14',
    fault: 'worker stopped (SIGSTOP)',
    moment: 'an e-mail is being sent',
    planned: 1,
    maySee: [],
    async run({ system, signUp, observed }) {
      const { smtp, worker } = system
      const { promise: struck, resolve } = Promise.withResolvers<void>()
      smtp.follow(() => {
        smtp.behave()
        worker.signal('SIGSTOP')
        resolve()
        return 'accept'
      })
      const { done } = await signUp(signUps)
      if (!(await strikesWhile(struck, done))) return
      observed('stopped')
      await Promise.all([done, sleep(4_000)])
      worker.signal('SIGCONT')
    },
  }
}
