import { setTimeout as sleep } from 'node:timers/promises'
import type { Request } from 'express'
import { Problem } from 'service-kit'
import { tooManyAttempts } from '../../http/errors.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { checkCopy, checkBlock } from './check-block.ts'
import {
  beginAttempt,
  type Budget,
  countFailure,
  forgetFailures,
  giveAttemptBack,
  type NoneLeft,
} from './count-failures.ts'
import { beforeStrangers } from '../../users/hashing/limit-hashing.ts'
import { blockAddress } from './block-address.ts'
import type { DeviceUser } from '../devices/device-cookie.ts'
import { type Attempt, attemptBudgets, countedAddress, knownBy } from './attempt-budgets.ts'
import { auditRefusal } from './audit-refusal.ts'

export type AttemptDeps = Pick<
  SignInDeps,
  'config' | 'directory' | 'blocks' | 'redis' | 'keyPrefix' | 'logger' | 'audit'
>

// Pauses between two tries, in ms: five seconds in all.
const PAUSES_MS = [50, 100, 200, 400, 800, 800, 800, 800, 800]

/** The codes that refuse a wrong password, code or passkey. */
const WRONG = ['invalid_credentials', 'invalid_code', 'invalid_passkey']

/** The account, looked up for the budgets; null if nobody has that name. */
type User = (DeviceUser & { username: string }) | null

/**
 * Guards every check of a password, code or passkey over HTTP with the same budgets (R12). Refuses it if
 * the network address is blocked or too many attempts have failed. Counts failures, and blocks an address
 * after too many of them, over all accounts. A success does not reset the count: a leaked list contains
 * some working passwords.
 *
 * @param check receives the account that was looked up; throws Problem `invalid_credentials`,
 *   `invalid_code` or `invalid_passkey` if it is wrong
 * @throws Problem 429 `address_suspended` or `too_many_attempts`, and what `check` throws
 */
export async function attemptPassword<Result>(
  deps: AttemptDeps,
  attempt: Attempt,
  check: (user: User) => Promise<Result>,
): Promise<Result> {
  let user: User = null
  try {
    const address = countedAddress(deps.config, attempt)
    if (address !== undefined) await checkBlock(deps, address)
    const found = await userOf(deps, attempt)
    user = found
    const device = await knownBy(deps, attempt, { user, address })
    const budgets = attemptBudgets(deps.config, attempt, { user, address, device })
    await begin(deps, budgets)
    return await settle(deps, { req: attempt.req, budgets }, async () => {
      // Simultaneous attempts may have blocked the address since. Blocking it resets its failures, so
      // this attempt found a fresh budget.
      if (address !== undefined) await checkCopy(deps, address)
      const isKnown = device !== undefined || 'user' in attempt.as
      return await (isKnown ? beforeStrangers(() => check(found)) : check(found))
    })
  } catch (error) {
    auditRefusal(deps, attempt, { user, error })
    throw error
  }
}

async function userOf({ directory }: AttemptDeps, { as }: Attempt): Promise<User> {
  return 'user' in as ? await directory.findById(as.user.id) : await directory.findByLogin(as.login)
}

/** Waits briefly while attempts under way hold the budget: many users may sign in at once. */
async function begin(deps: AttemptDeps, budgets: Budget[]): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    // oxlint-disable-next-line no-await-in-loop
    const shortage = await tryToBegin(deps, budgets)
    if (shortage === null) return
    if (!shortage.isUnderWay) throw tooManyAttempts(Math.max(1, Math.ceil(shortage.waitMs / 1000)))
    // oxlint-disable-next-line no-await-in-loop
    await sleep(pauseMs)
  }
  throw tooManyAttempts(1)
}

async function tryToBegin(deps: AttemptDeps, budgets: Budget[]): Promise<NoneLeft | null> {
  for (const [at, budget] of budgets.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    const shortage = await beginAttempt(deps, budget)
    if (shortage === null) continue
    // oxlint-disable-next-line no-await-in-loop
    await giveBack(deps, budgets.slice(0, at))
    return shortage
  }
  return null
}

async function settle<Result>(
  deps: AttemptDeps,
  { req, budgets }: { req: Request; budgets: Budget[] },
  check: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await check()
    await giveBack(deps, budgets)
    return result
  } catch (error) {
    const isWrong = error instanceof Problem && WRONG.includes(error.code)
    if (isWrong) for (const budget of budgets) await countOne(deps, { req, budget })
    else await giveBack(deps, budgets)
    throw error
  }
}

/** While Redis is down, an attempt stays counted, which does no harm. */
async function giveBack(deps: AttemptDeps, budgets: Budget[]): Promise<void> {
  await Promise.allSettled(budgets.map((budget) => giveAttemptBack(deps, budget)))
}

async function countOne(
  deps: AttemptDeps,
  { req, budget }: { req: Request; budget: Budget },
): Promise<void> {
  const failures = await countFailure(deps, budget)
  if (budget.kind !== 'address' || failures !== budget.limit) return
  const { until, times } = await blockAddress(deps, { address: budget.of, failures })
  // Failures after the block count from zero.
  await forgetFailures(deps, budget)
  const facts = { address: budget.of, until: until.toISOString(), failures, times }
  deps.audit.addressBlocked(req, facts)
}
