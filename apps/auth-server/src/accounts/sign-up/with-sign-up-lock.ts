import { setTimeout as sleep } from 'node:timers/promises'
import type { SignUpClaim, SignUpLocks } from './sign-up-locks.ts'

const PATIENCE_MS = 5_000
const pausesMs = { first: 25, longest: 400 }

/**
 * Runs `work` while no other sign-up with the same invite, name or address is under way. A sign-up
 * that waits calls `isSettled` after each of the others, so a second click finds what the first has
 * done. After 5 s it goes on without the lock, because the database prevents conflicts anyway.
 *
 * @returns the result of `work`; null if the sign-up was settled
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
    // The lock expires on its own, so Redis going down meanwhile is no reason to fail.
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
