import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from 'service-kit'
import { silentAudit } from './silent-audit.fixture.ts'
import { testInvites } from './invites.fixture.ts'
import { createUser } from '../src/users/create-user.ts'
import { findUserById } from '../src/users/find-user.ts'
import type { User } from '../src/users/user.model.ts'
import { newUser, testUsers } from './users.fixture.ts'
import { composeMail } from '../src/accounts/links/compose-mail.ts'
import { mailEntry, type OutboxEntry } from '../src/mail/mail-entry.ts'
import { accountOutboxes } from '../src/accounts/links/account-outboxes.ts'
import { createRelay } from '../src/mail/relay.ts'

type RelayOptions = Parameters<typeof createRelay>[0]

/** Users with mails waiting, and relays that look often. */
export async function testOutbox() {
  const world = await testUsers()
  const invites = await testInvites(world.connection)
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  const relays: ReturnType<typeof createRelay>[] = []

  async function outboxOf(id: string): Promise<OutboxEntry[]> {
    return (await findUserById(world.users, id))?.outbox ?? []
  }

  return {
    ...world,
    invites,
    audit: silentAudit(),
    logger,
    outboxOf,

    /** Users whose mail to confirm waits. */
    async addUsers(count: number) {
      const users: User[] = []
      for (let made = 0; made < count; made += 1) {
        const person = newUser()
        const outbox = [mailEntry({ kind: 'confirm', to: person.email })]
        // oxlint-disable-next-line no-await-in-loop
        users.push(await createUser(world, { ...person, outbox }))
      }
      return users
    },

    /** A `send` that calls no `record` has handed the mail over when it resolves. */
    startRelay(send: RelayOptions['send']) {
      async function sendAndRecord(...[message, record]: Parameters<typeof send>): Promise<void> {
        let recorded: Promise<void> | undefined
        await send(message, () => (recorded = record()))
        await (recorded ?? record())
      }
      const relay = createRelay({
        outboxes: accountOutboxes({ users: world.users, invites }),
        compose: (entry, owner) => composeMail(world.config, entry, owner),
        send: sendAndRecord,
        logger,
        sweepMs: 100,
      })
      relays.push(relay)
      return relay
    },

    async stopRelays() {
      await Promise.all(relays.splice(0).map((relay) => relay.stop()))
    },

    /** Waits until so many users have mails waiting. */
    async waiting(count: number, ms = 10_000): Promise<void> {
      const withMails = { 'outbox.0': { $exists: true } }
      await until(async () => (await world.users.countDocuments(withMails)) === count, ms)
    },
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms
  // oxlint-disable-next-line no-await-in-loop
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not become so in time')
    // oxlint-disable-next-line no-await-in-loop
    await sleep(25)
  }
}
