import { setTimeout as sleep } from 'node:timers/promises'
import { verifyLink } from '../apps/auth-server/src/accounts/links/signed-link.ts'
import { toUser, type User } from '../apps/auth-server/src/users/user.model.ts'
import { ask, type Status } from './ask.ts'
import { eachOf } from './each-of.ts'
import { copiesByDeath, readWorkersLog, unexplained } from './explain-copies.ts'
import type { History } from './history.ts'
import { outcomeOf, type Person, signUp } from './sign-up.ts'
import type { System } from './start-system.ts'

/** The outcome for the people of one trial. */
export type Findings = {
  ok: number
  failed: number
  unknown: number
  /** How many unknown outcomes proved done. */
  unknownDone: number
  lost: number
  duplicates: number
  /** How many duplicates only the death of a worker explains. */
  byDeath: number
  problems: string[]
}

type Deps = { system: System; history: History }

/**
 * Checks unknown outcomes: each must prove done or not done, never half done. Then everyone tries again,
 * as people do, and becomes a user. Call it while nothing is broken and before awaiting the e-mails.
 */
export async function settleUnknown({ system, history }: Deps, people: readonly Person[]) {
  const findings = { ok: 0, failed: 0, unknown: 0, unknownDone: 0 }
  const problems: string[] = []
  const users = await readUsers(system)
  await eachOf(people, async (person) => {
    const outcome = outcomeOf(person.status)
    findings[outcome] += 1
    const { username, invite } = person
    const isUser = users.get(username)?.length === 1
    if (outcome === 'ok' && !isUser) problems.push(`${username} got a 202 and is not a user`)
    if (outcome === 'failed' && isUser) problems.push(`${username} was refused and is a user`)
    if (outcome === 'failed') return
    const isOpen = (await askPatiently(`${system.auth.origin}/invites/${invite}`)) === 200
    if (isUser === isOpen)
      problems.push(`${username} is half done: user ${isUser}, invite open ${isOpen}`)
    if (outcome !== 'unknown') return
    if (isUser) findings.unknownDone += 1
    const again = await signUpAgain({ system, history }, person)
    if (again !== 202) problems.push(`${username} tried again and got ${again}`)
  })
  return { ...findings, problems }
}

function signUpAgain({ system, history }: Deps, person: Person): Promise<Status> {
  return untilStatus(() => signUp(system, person, history))
}

// Each costs a dozen look-ups.
const WALKED = 10

/**
 * Checks that each person is one user and got one e-mail with a good link. Only a dead worker explains a
 * duplicate. Some people of each trial follow the link and sign in.
 */
export async function checkPeople(
  { system, history }: Deps,
  { people, workerDeaths }: { people: readonly Person[]; workerDeaths: readonly number[] },
) {
  const problems: string[] = []
  const explanations = { deaths: workerDeaths, logged: readWorkersLog(history) }
  let lost = 0
  let duplicates = 0
  let byDeath = 0
  const expected = people.filter(({ status }) => outcomeOf(status) !== 'failed')
  const walked = new Set(expected.slice(0, WALKED))
  const users = await readUsers(system)
  await eachOf(expected, async (person) => {
    const [user, ...others] = users.get(person.username) ?? []
    if (!user || others.length > 0) {
      problems.push(`${person.username} is ${user ? others.length + 1 : 0} users`)
      if (!user) lost += 1
      return
    }
    const copies = system.smtp.copies(person.email)
    const [first] = copies
    if (!first) {
      lost += 1
      problems.push(`${person.username} never got an e-mail`)
      return
    }
    duplicates += copies.length - 1
    byDeath += copiesByDeath(copies, explanations.logged)
    problems.push(...unexplained(copies, explanations).map((why) => `${person.username} ${why}`))
    const token = tokenOf(first.link)
    const isGood = await isLinkOf(system, { token, user })
    if (!isGood) problems.push(`${person.username} got a link that does not work`)
    const status = walked.has(person) ? await confirmAndSignIn(system, person, token) : undefined
    if (status !== undefined && status !== 200)
      problems.push(`${person.username} cannot confirm and sign in: ${status}`)
    history.record({ what: 'checked', username: person.username, copies: copies.length, status })
  })
  return { lost, duplicates, byDeath, problems }
}

/** The users of each name, read together, because one look-up for each would take hours. */
async function readUsers({ users }: System): Promise<Map<string, User[]>> {
  const stored = await users.find().lean()
  return Map.groupBy(stored.map(toUser), ({ username }) => username)
}

function tokenOf(link: string): string {
  return (URL.canParse(link) && new URL(link).searchParams.get('confirmation')) || ''
}

/** Whether a token confirms the address of that user, checked as auth-server does. */
async function isLinkOf(
  { secrets }: System,
  { token, user }: { token: string; user: User },
): Promise<boolean> {
  const findUser = async (id: string) => (id === user.id ? user : null)
  return (await verifyLink({ token, purpose: 'confirm', findUser, secrets })) !== null
}

/** Returns 200, or the answer of the first of the two requests that failed. */
async function confirmAndSignIn(system: System, person: Person, token: string): Promise<Status> {
  const { origin } = system.auth
  const confirmed = await askPatiently(`${origin}/confirm_account`, { token })
  if (confirmed !== 200) return confirmed
  const { username, password } = person
  return await askPatiently(`${origin}/login`, { username, password })
}

async function askPatiently(url: string, body?: object): Promise<Status> {
  return await untilStatus(async () => (await ask(url, { body })).status)
}

// On a busy machine a store may be slow: after a 503, a person tries again for a minute.
async function untilStatus(tell: () => Promise<Status>): Promise<Status> {
  let status = await tell()
  for (let tries = 1; status === 503 && tries < 60; tries += 1) {
    await sleep(1_000)
    status = await tell()
  }
  return status
}
