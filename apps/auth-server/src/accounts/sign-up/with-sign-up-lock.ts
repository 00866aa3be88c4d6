import { setTimeout as sleep } from 'node:timers/promises'
import type { SignUpClaim, SignUpLocks } from './sign-up-locks.ts'

const PATIENCE_MS = 5_000
const pausesMs = { first: 25, longest: 400 }

/**
 * Does `work` while no other sign-up with that invite, name or address does its own. A sign-up that
 * has to wait asks `isSettled` after each of the others: so the second click finds what the first
 * has done. One that has waited for long goes on all the same, because the database decides.
 *
 * @returns what `work` gave; null if the sign-up was settled
 */
export async function withSignUpLock<Result>(
  { locks, claim }: { locks: SignUpLocks; claim: SignUpClaim },
  { isSettled, work }: { isSettled: () => Promise<boolean>; work: () => Promise<Result> },
): Promise<Result | null> {
  const deadline = Date.now() + PATIENCE_MS
  let owner: string | null = null
  while (owner === null && Date.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop
    if (await isSettled()) return null
    // oxlint-disable-next-line no-await-in-loop
    owner = await locks.acquire(claim)
    // oxlint-disable-next-line no-await-in-loop
    if (owner === null) await waitForOthers(locks, claim, deadline)
  }
  try {
    return await work()
  } finally {
    // It ends by itself too: a Redis that went away meanwhile is no reason to fail.
    if (owner !== null) await locks.release(claim, owner).catch(() => undefined)
  }
}

async function waitForOthers(
  locks: SignUpLocks,
  claim: SignUpClaim,
  deadline: number,
): Promise<void> {
  let pause = pausesMs.first
  do {
    // oxlint-disable-next-line no-await-in-loop
    await sleep(pause)
    pause = Math.min(pause * 2, pausesMs.longest)
    // oxlint-disable-next-line no-await-in-loop
  } while (Date.now() < deadline && (await locks.isHeld(claim)))
}
