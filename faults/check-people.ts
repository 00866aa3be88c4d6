import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Told } from './ask.ts'
import { eachOf } from './each-of.ts'
import { copiesByDeath, readWorkersLog, unexplained } from './explain-copies.ts'
import type { History } from './history.ts'
import { outcomeOf, type Person, signUp } from './sign-up.ts'
import type { System } from './start-system.ts'

/** What became of the people of one trial. */
export type Findings = {
  ok: number
  failed: number
  unknown: number
  /** How many of the unknown ones proved done. */
  unknownDone: number
  lost: number
  duplicates: number
  /** How many of the duplicates only the death of a worker explains. */
  byDeath: number
  problems: string[]
}

type Deps = { system: System; history: History }

/**
 * Checks what was unknown: it must prove done or not done, never half done. Then everybody asks
 * again, as they would, and is a user. Call it while nothing is broken, and before the mails are
 * awaited.
 */
export async function settleUnknown({ system, history }: Deps, people: readonly Person[]) {
  const findings = { ok: 0, failed: 0, unknown: 0, unknownDone: 0 }
  const problems: string[] = []
  const users = await countUsers(system)
  await eachOf(people, async (person) => {
    const outcome = outcomeOf(person.told)
    findings[outcome] += 1
    const { username, invite } = person
    const isUser = users.get(username) === 1
    if (outcome === 'ok' && !isUser) problems.push(`${username} was told 202 and is no user`)
    if (outcome === 'failed' && isUser) problems.push(`${username} was refused and is a user`)
    if (outcome === 'failed') return
    const isOpen = (await ask(`${system.auth.origin}/invites/${invite}`)).told === 200
    if (isUser === isOpen)
      problems.push(`${username} is half done: user ${isUser}, invite open ${isOpen}`)
    if (outcome !== 'unknown') return
    if (isUser) findings.unknownDone += 1
    const again = await signUpAgain({ system, history }, person)
    if (again !== 202) problems.push(`${username} asked again and was told ${again}`)
  })
  return { ...findings, problems }
}

async function signUpAgain({ system, history }: Deps, person: Person): Promise<Told> {
  let told = await signUp(system, person, history)
  // On a busy machine MongoDB itself may be late.
  for (let attempt = 0; attempt < 4 && told === 503; attempt += 1) {
    await sleep(1_000)
    told = await signUp(system, person, history)
  }
  return told
}

/**
 * Checks each person: one user, one mail, a link that works; a dead worker explains what came
 * twice.
 */
export async function checkPeople(
  { system, history }: Deps,
  { people, workerDeaths }: { people: readonly Person[]; workerDeaths: readonly number[] },
) {
  const problems: string[] = []
  const explanations = { deaths: workerDeaths, told: readWorkersLog(history) }
  let lost = 0
  let duplicates = 0
  let byDeath = 0
  const expected = people.filter(({ told }) => outcomeOf(told) !== 'failed')
  const users = await countUsers(system)
  await eachOf(expected, async (person) => {
    const count = users.get(person.username) ?? 0
    if (count !== 1) problems.push(`${person.username} is ${count} users`)
    const copies = system.smtp.copies(person.email)
    const [first] = copies
    if (!first) {
      lost += 1
      problems.push(`${person.username} never got a mail`)
      return
    }
    duplicates += copies.length - 1
    byDeath += copiesByDeath(copies, explanations.told)
    problems.push(...unexplained(copies, explanations).map((why) => `${person.username} ${why}`))
    const told = await confirmAndSignIn(system, person, first.link)
    if (told !== 200) problems.push(`${person.username} cannot confirm and sign in: ${told}`)
    history.record({ what: 'checked', username: person.username, copies: copies.length, told })
  })
  return { lost, duplicates, byDeath, problems }
}

/** How many users there are of each name, read at once: one look-up for each would take hours. */
async function countUsers({ users }: System): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { usernameKey } of await users.find({}, { usernameKey: 1 }).lean())
    counts.set(usernameKey, (counts.get(usernameKey) ?? 0) + 1)
  return counts
}

/** 200, or the answer of the first of the two that did not work. */
async function confirmAndSignIn(system: System, person: Person, link: string): Promise<Told> {
  const { origin } = system.auth
  const token = URL.canParse(link) ? new URL(link).searchParams.get('confirmation') : null
  const confirmed = await askPatiently(`${origin}/confirm_account`, { token })
  if (confirmed !== 200) return confirmed
  const { username, password } = person
  return await askPatiently(`${origin}/login`, { username, password })
}

// On a busy machine a store may be late: a person who is told 503 tries again.
async function askPatiently(url: string, body: object): Promise<Told> {
  let { told } = await ask(url, { body })
  for (let tries = 1; told === 503 && tries < 5; tries += 1) {
    await sleep(500)
    told = (await ask(url, { body })).told
  }
  return told
}
