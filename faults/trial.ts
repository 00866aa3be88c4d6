import type { History } from './history.ts'
import type { Random } from './seeded-random.ts'
import type { Person } from './sign-up.ts'
import type { System } from './start-system.ts'
import type { Status } from './ask.ts'

/** One fault at one moment. */
export type Trial = {
  /** The promises on trial. */
  ids: string
  fault: string
  moment: string
  /** How often the fault must happen for the trial to count. */
  planned: number
  /** The answers that a client may get besides 202. */
  maySee: readonly Status[]
  /** Causes the fault while people sign up, and has everything running again at the end. */
  run(stage: Stage): Promise<void>
}

/** What a trial works with. */
export type Stage = {
  system: System
  random: Random
  history: History
  /** Creates invites and signs that many people up, several at a time. `done` when all have answers. */
  signUp: (count: number) => Promise<{ people: Person[]; done: Promise<void> }>
  /** Adds people to the check whom the trial itself signed up. */
  count: (people: Person[]) => void
  /** Records that the fault happened. */
  observed: (what: string) => void
  /** Records that a worker died now, perhaps before it recorded that an e-mail was sent. */
  workerDied: () => void
  problem: (text: string) => void
}
