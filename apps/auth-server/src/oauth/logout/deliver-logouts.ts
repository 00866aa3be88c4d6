import { repeat } from 'service-kit'
import type { Outbound } from '../../http/outbound.ts'
import type { SignIn } from '../../sessions/sign-in.model.ts'
import type { Client } from '../clients/client.model.ts'
import { listClients } from '../clients/find-client.ts'
import { type Family, toFamily } from '../families/family.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import { logoutToken } from './logout-token.ts'

type Deps = Pick<
  TokenDeps,
  'signIns' | 'families' | 'clients' | 'keyring' | 'config' | 'logger'
> & {
  outbound: Outbound
  everyMs?: number
}

const EVERY_MS = 1_000
/** Longer than a delivery can take. After it another server may try. */
const LEASE_MS = 30_000
const GIVE_UP_MS = 24 * 60 * 60 * 1000
const SECONDS_TO_NEXT = [5, 30, 120, 600, 1800]
const AT_ONCE = 100

/**
 * Notifies every site of an SSO session that has ended, for whatever reason (OpenID Connect Back-Channel
 * Logout 1.0). The end and the due notice are one write, so a crash loses no notice. Retries continue
 * for a day. A site that does not answer delays no other.
 */
export function deliverLogouts({ everyMs = EVERY_MS, ...deps }: Deps): {
  stop: () => Promise<void>
} {
  const underWay = new Map<string, Promise<void>>()

  async function startDue(): Promise<void> {
    await expire(deps)
    const due = await deps.signIns
      .find({ logoutDueAt: { $ne: null, $lte: new Date() } })
      .limit(AT_ONCE)
      .lean()
    for (const { _id: id, ...rest } of due) {
      if (underWay.has(id)) continue
      const signIn = { id, ...rest }
      const work = deliver(deps, signIn)
        .catch((error: unknown) =>
          deps.logger.warn({ err: error }, 'logout notices failed and will be retried'),
        )
        .finally(() => underWay.delete(id))
      underWay.set(id, work)
    }
  }

  const due = repeat({ what: 'logout notices', everyMs, logger: deps.logger, work: startDue })
  return {
    async stop() {
      await due.stop()
      await Promise.all(underWay.values())
    },
  }
}

/** An expired SSO session is over for its sites, too. Entering the password may begin it again. */
async function expire({ signIns }: Deps): Promise<void> {
  const now = new Date()
  const over = { expiresAt: { $lte: now }, endedAt: null, expiryAnnounced: { $ne: true } }
  await signIns.updateMany(over, { $set: { expiryAnnounced: true, logoutDueAt: now } })
}

async function deliver(deps: Deps, { id, logoutDueAt, endedAt, expiresAt }: SignIn): Promise<void> {
  const lease = new Date(Date.now() + LEASE_MS)
  const claim = await deps.signIns.updateOne(
    { _id: id, logoutDueAt },
    { $set: { logoutDueAt: lease } },
  )
  if (claim.matchedCount === 0) return
  const sites = await sitesToNotify(deps, id)
  const tries = await Promise.all(sites.map((site) => notify(deps, site)))
  const failed = tries.filter((count) => count !== 'notified')
  const isOver = Date.now() - (endedAt ?? expiresAt).getTime() > GIVE_UP_MS
  const next = failed.length === 0 || isOver ? null : nextTry(Math.min(...failed))
  await deps.signIns.updateOne({ _id: id, logoutDueAt: lease }, { $set: { logoutDueAt: next } })
}

type Site = { client: Client; uri: string; family: Family }

/** The sites that got tokens in the SSO session, take logout notices and have not accepted this one. */
async function sitesToNotify({ families, clients }: Deps, signInId: string): Promise<Site[]> {
  const records = await families.find({ signInId, logoutToldAt: null, counter: { $gt: 0 } }).lean()
  if (records.length === 0) return []
  const known = await listClients(clients)
  return records.map(toFamily).flatMap((family) => {
    const client = known.find(({ id }) => id === family.clientId)
    const uri = client?.backchannelLogoutUri ?? null
    return client && uri !== null ? [{ client, uri, family }] : []
  })
}

async function notify(deps: Deps, { client, uri, family }: Site): Promise<number | 'notified'> {
  const tries = family.logoutTries + 1
  const status = await post(deps, { client, uri, family })
  const isAccepted = status === 200 || status === 204
  const change = isAccepted ? { logoutToldAt: new Date() } : {}
  await deps.families.updateOne({ _id: family.id }, { $set: { ...change, logoutTries: tries } })
  if (isAccepted) return 'notified'
  deps.logger.warn({ client: client.id, status, tries }, 'a site did not accept a logout notice')
  return tries
}

async function post(deps: Deps, { client, uri, family }: Site): Promise<number | undefined> {
  const logout_token = await logoutToken(deps, { client, family })
  return await deps.outbound.postForm(new URL(uri), { logout_token }).catch((error: unknown) => {
    deps.logger.warn({ err: error, client: client.id }, 'a logout notice could not be sent')
    return undefined
  })
}

function nextTry(tries: number): Date {
  const seconds = SECONDS_TO_NEXT[tries - 1] ?? 3600
  return new Date(Date.now() + seconds * 1000)
}
