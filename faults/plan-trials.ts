import { authServerDeaths, authServerIsKilled } from './trials/auth-server.trials.ts'
import { bootWithoutUniqueIndex } from './trials/boot.trials.ts'
import { raceForInvite } from './trials/race.trials.ts'
import {
  queueIsDeleted,
  rabbitIsAway,
  rabbitIsKilled,
  rabbitIsPaused,
} from './trials/rabbit.trials.ts'
import { signOutWhileRedisIsPaused } from './trials/sign-out.trials.ts'
import { smtpFails, smtpRefusesForGood } from './trials/smtp.trials.ts'
import { mongoIsKilled, mongoIsPaused, redisIsEmptied } from './trials/stores.trials.ts'
import {
  authServerIsKilledWhileRefreshing,
  mongoFailsWhileRefreshing,
  rollingRestarts,
} from './trials/token-deaths.trials.ts'
import {
  raceToRefresh,
  revokeWhileMongoIsStopped,
  tabsAndLostAnswers,
  tokensAreStolen,
} from './trials/token-races.trials.ts'
import { workerDeaths, workerIsKilled, workerIsPaused } from './trials/worker.trials.ts'
import type { Random } from './seeded-random.ts'
import type { Trial } from './trial.ts'

const smtpFailures = [
  { moment: '421 to the recipient', answer: { refuse: 421, at: 'RCPT' }, every: 1 },
  { moment: '451 after the text', answer: { refuse: 451, at: 'DATA' }, every: 1 },
  { moment: 'stalls after the text', answer: 'stall', every: 2 },
  { moment: 'connection cut after the text', answer: 'drop', every: 2 },
] as const

const strikes = ['request', 'answer', 'any'] as const

/**
 * Every fault in about a minute, at moments that the seed chooses. auth-server dies first, because the
 * sweep takes longest to find what it left.
 */
export function shortPlan(random: Random): Trial[] {
  return [
    rabbitIsAway(20),
    redisIsEmptied(20),
    ...some(random, authServerDeaths, 3).map((death) => authServerIsKilled(death, 12)),
    ...some(random, workerDeaths, 3).map((death) => workerIsKilled(death, 12)),
    mongoIsKilled('request', 15),
    mongoIsKilled('answer', 15),
    ...smtpFailures.map((failure) => smtpFails(failure, 6)),
    smtpRefusesForGood(3),
    raceForInvite({ invites: 3, people: 20 }),
    signOutWhileRedisIsPaused(20),
    bootWithoutUniqueIndex(),
    raceToRefresh({ rounds: 5, ways: 64 }),
    tabsAndLostAnswers(100),
    tokensAreStolen(10),
    mongoFailsWhileRefreshing('killed', random.pick(['request', 'answer'])),
    authServerIsKilledWhileRefreshing(random.pick(['request', 'answer'])),
    revokeWhileMongoIsStopped(20),
    rabbitIsKilled(random.pick(strikes), 40),
  ]
}

/** One fault of each process, at moments that the seed chooses, for every run of the tests. */
export function briefPlan(random: Random): Trial[] {
  return [
    rabbitIsAway(10),
    // One that cuts a request off, and one that comes after its answer.
    authServerIsKilled(random.pick(authServerDeaths.slice(0, 2)), 12),
    authServerIsKilled(random.pick(authServerDeaths.slice(2)), 12),
    ...some(random, workerDeaths, 2).map((death) => workerIsKilled(death, 12)),
    mongoIsKilled(random.pick(['request', 'answer']), 12),
    smtpFails(random.pick(smtpFailures), 6),
    raceForInvite({ invites: 2, people: 20 }),
    signOutWhileRedisIsPaused(20),
    rabbitIsKilled(random.pick(['request', 'answer']), 20),
  ]
}

function some<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const first = random.below(items.length)
  return [...items.slice(first), ...items.slice(0, first)].slice(0, count)
}

/**
 * The numbers of N1, N5 to N9 and, as far as possible on one machine, N12. Takes some hours. Each leg has a
 * system of its own, so that data from the others slows nothing down.
 */
export function longPlan(): Trial[][] {
  const killing = Array.from({ length: 50 }, (_, round) => [
    rabbitIsAway(20),
    ...killEach(round),
    ...(round % 10 === 0 ? [...slowTrials(), ...mailTrials()] : []),
  ])
  const racing = Array.from({ length: 10 }, () => [
    rabbitIsAway(20),
    raceForInvite({ invites: 50, people: 200 }),
  ])
  return [
    [rabbitIsAway(500), bootWithoutUniqueIndex()],
    [rabbitIsAway(20), rabbitIsKilled('any', 500)],
    ...killing,
    ...racing,
    [rabbitIsAway(20), signOutWhileRedisIsPaused(1_000)],
    [rabbitIsAway(20), ...tokenTrials()],
  ]
}

/** Kills each process once while 200 people sign up, at a moment that the round chooses. */
function killEach(round: number): Trial[] {
  const strike = strikes[round % strikes.length] ?? 'any'
  const authServerDeath = authServerDeaths[round % authServerDeaths.length]
  const workerDeath = workerDeaths[round % workerDeaths.length]
  return [
    rabbitIsKilled(strike, 100),
    mongoIsKilled(strike, 40),
    ...(authServerDeath ? [authServerIsKilled(authServerDeath, 40)] : []),
    ...(workerDeath ? [workerIsKilled(workerDeath, 20)] : []),
    mongoFailsWhileRefreshing('killed', round % 2 === 0 ? 'request' : 'answer'),
  ]
}

function tokenTrials(): Trial[] {
  return [
    raceToRefresh({ rounds: 1_000, ways: 64 }),
    tabsAndLostAnswers(10_000),
    tokensAreStolen(1_000),
    mongoFailsWhileRefreshing('stopped', 'request'),
    mongoFailsWhileRefreshing('stopped', 'answer'),
    authServerIsKilledWhileRefreshing('request'),
    authServerIsKilledWhileRefreshing('answer'),
    revokeWhileMongoIsStopped(1_000),
    rollingRestarts(10),
  ]
}

function slowTrials(): Trial[] {
  return [
    rabbitIsPaused(40),
    queueIsDeleted(20),
    workerIsPaused(20),
    mongoIsPaused(20),
    redisIsEmptied(100),
  ]
}

function mailTrials(): Trial[] {
  return [...smtpFailures.map((failure) => smtpFails(failure, 20)), smtpRefusesForGood(10)]
}
