import { silentAudit } from '../apps/auth-server/testing/silent-audit.fixture.ts'
import { createInvite } from '../apps/auth-server/src/accounts/invitations/create-invite.ts'
import { ask, type Told } from './ask.ts'
import type { History } from './history.ts'
import type { System } from './start-system.ts'

/** Somebody with an invite, and what they were told when they signed up with it. */
export type Person = {
  invite: string
  email: string
  username: string
  password: string
  /** Undefined until they were told something. */
  told: Told | undefined
}

/** Done, not done, or either: what a client can know. */
export type Outcome = 'ok' | 'failed' | 'unknown'

let made = 0

/** People with an invite each, or all with the same one. */
export async function invitePeople(
  { invites, config }: Pick<System, 'invites' | 'config'>,
  { count, shared = false }: { count: number; shared?: boolean },
): Promise<Person[]> {
  const deps = { invites, config, audit: silentAudit() }
  const invite = async () => {
    const { url } = await createInvite(deps, { from: null })
    return new URL(url).searchParams.get('token') ?? ''
  }
  const common = shared ? await invite() : undefined
  const people: Person[] = []
  for (let index = 0; index < count; index += 1) {
    const username = `person${(made += 1)}`
    const email = `${username}@mail.test`
    const password = 'four words made for nobody'
    people.push({ invite: common ?? (await invite()), email, username, password, told: undefined })
  }
  return people
}

/** Signs one person up over HTTP, and writes down what they were told. */
export async function signUp(
  { auth }: Pick<System, 'auth'>,
  person: Person,
  history: History,
): Promise<Told> {
  const { invite, email, username, password } = person
  history.record({ what: 'sign-up begins', username })
  const { told } = await ask(`${auth.origin}/signup`, {
    body: { invite, email, username, password },
  })
  history.record({ what: 'sign-up ends', username, told, outcome: outcomeOf(told) })
  return told
}

/** What a client knows after it was told that. */
export function outcomeOf(told: Told | undefined): Outcome {
  if (told === 202) return 'ok'
  // Somebody who reads 500 or 503 does not know what was done before.
  if (typeof told === 'number' && told < 500) return 'failed'
  return 'unknown'
}

/** Signs them all up, so many at a time, each once. */
export async function signUpAll(
  system: Pick<System, 'auth'>,
  people: readonly Person[],
  { history, atOnce = 4 }: { history: History; atOnce?: number },
): Promise<void> {
  const waiting = [...people]
  async function next(): Promise<void> {
    for (let person = waiting.shift(); person; person = waiting.shift())
      person.told = await signUp(system, person, history)
  }
  await Promise.all(Array.from({ length: atOnce }, next))
}
