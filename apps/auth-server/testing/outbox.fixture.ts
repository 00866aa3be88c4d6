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
import { reservationModel } from '../src/accounts/reservations/reservation.model.ts'
import { createRelay } from '../src/mail/relay.ts'

type RelayOptions = Parameters<typeof createRelay>[0]

/** Users with waiting e-mails, and relays with a short interval. */
export async function testOutbox() {
  const world = await testUsers()
  const invites = await testInvites(world.connection)
  const reservations = reservationModel(world.connection)
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  const relays: ReturnType<typeof createRelay>[] = []

  async function outboxOf(id: string): Promise<OutboxEntry[]> {
    return (await findUserById(world.users, id))?.outbox ?? []
  }

  return {
    ...world,
    invites,
    reservations,
    audit: silentAudit(),
    logger,
    outboxOf,

    /** Adds users whose confirmation e-mail waits. */
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

    /** If `send` does not call `record`, the e-mail counts as handed over when it resolves. */
    startRelay(send: RelayOptions['send']) {
      async function sendAndRecord(...[message, record]: Parameters<typeof send>): Promise<void> {
        let recorded: Promise<void> | undefined
        await send(message, () => (recorded = record()))
        await (recorded ?? record())
      }
      const relay = createRelay({
        outboxes: accountOutboxes({ users: world.users, invites, reservations }),
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

    /** Waits until this many users have waiting e-mails. */
    async waiting(count: number, ms = 10_000): Promise<void> {
      const withMails = { 'outbox.0': { $exists: true } }
      await until(async () => (await world.users.countDocuments(withMails)) === count, ms)
    },
  }
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms
  // oxlint-disable-next-line no-await-in-loop
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`the condition did not hold within ${ms} ms`)
    // oxlint-disable-next-line no-await-in-loop
    await sleep(25)
  }
}
