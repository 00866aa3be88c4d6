import { setTimeout as sleep } from 'node:timers/promises'

// The e-mail of a sign-up follows after its answer.
const graceMs = 15_000

/** Whether the fault struck while people signed up, or shortly after. */
export async function strikesWhile(struck: Promise<void>, done: Promise<void>): Promise<boolean> {
  const missed = done.then(() => sleep(graceMs, undefined, { ref: false })).then(() => false)
  return await Promise.race([struck.then(() => true), missed])
}
