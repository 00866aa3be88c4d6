import type { History } from './history.ts'
import type { Random } from './seeded-random.ts'
import type { Person } from './sign-up.ts'
import type { System } from './start-system.ts'
import type { Told } from './ask.ts'

/** One fault at one moment. */
export type Trial = {
  /** The promises it tries. */
  ids: string
  fault: string
  moment: string
  /** How often the fault has to happen for the trial to count. */
  planned: number
  /** What a client may be told besides 202. */
  maySee: readonly Told[]
  /** Brings the fault about while people sign up, and has everything running again at the end. */
  run(stage: Stage): Promise<void>
}

/** What a trial works with. */
export type Stage = {
  system: System
  random: Random
  history: History
  /** Makes invites, and signs that many people up, several at a time; `done` when all are told. */
  signUp: (count: number) => Promise<{ people: Person[]; done: Promise<void> }>
  /** Takes people into the check who were signed up by the trial itself. */
  count: (people: Person[]) => void
  /** Says that the fault happened. */
  observed: (what: string) => void
  /** A mail's worker died at this moment, perhaps before it wrote down that the mail is sent. */
  workerDied: () => void
  problem: (text: string) => void
}
