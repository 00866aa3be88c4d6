import { silentAudit } from '../apps/auth-server/testing/silent-audit.fixture.ts'
import { createInvite } from '../apps/auth-server/src/accounts/invitations/create-invite.ts'
import { ask, type Status } from './ask.ts'
import type { History } from './history.ts'
import type { System } from './start-system.ts'

/** A person with an invite, and the answer that they got when they signed up with it. */
export type Person = {
  invite: string
  email: string
  username: string
  password: string
  /** Undefined until they got an answer. */
  status: Status | undefined
}

/** Done, not done, or unknown: all that a client can know. */
export type Outcome = 'ok' | 'failed' | 'unknown'

let made = 0

/** People with one invite each, or all with the same one. */
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
    people.push({
      invite: common ?? (await invite()),
      email,
      username,
      password,
      status: undefined,
    })
  }
  return people
}

/** Signs one person up over HTTP and records the answer. */
export async function signUp(
  { auth }: Pick<System, 'auth'>,
  person: Person,
  history: History,
): Promise<Status> {
  const { invite, email, username, password } = person
  history.record({ what: 'sign-up begins', username })
  const { status } = await ask(`${auth.origin}/signup`, {
    body: { invite, email, username, password },
  })
  history.record({ what: 'sign-up ends', username, status, outcome: outcomeOf(status) })
  return status
}

/** What a client knows after this answer. */
export function outcomeOf(status: Status | undefined): Outcome {
  if (status === 202) return 'ok'
  // A 500 or 503 does not say what was done before it.
  if (typeof status === 'number' && status < 500) return 'failed'
  return 'unknown'
}

/** Signs them all up once, this many at a time. */
export async function signUpAll(
  system: Pick<System, 'auth'>,
  people: readonly Person[],
  { history, atOnce = 4 }: { history: History; atOnce?: number },
): Promise<void> {
  const waiting = [...people]
  async function next(): Promise<void> {
    for (let person = waiting.shift(); person; person = waiting.shift())
      person.status = await signUp(system, person, history)
  }
  await Promise.all(Array.from({ length: atOnce }, next))
}
