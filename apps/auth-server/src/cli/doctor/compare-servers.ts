import type { DescribedServer } from './described-server.ts'

/** Something that prevents two servers from honouring each other's sessions, or may do so. */
export type Finding = {
  /** A failure concerns one server only. */
  kind: 'difference' | 'failure' | 'warning'
  what: string
  /** Set if a server does not tell the value, so that it cannot be compared. */
  notCompared?: true
  /** The values found. */
  detail: string
  /** What to do about it. */
  advice: string
}

type Check = (one: DescribedServer, other: DescribedServer) => Finding | undefined
type Description = DescribedServer['description']

const MOST_SKEW_MS = 1_000

/** The settings that must be the same on two servers and differ, or cannot be compared. */
export function compareServers(one: DescribedServer, other: DescribedServer): Finding[] {
  return checks.flatMap((check) => check(one, other) ?? [])
}

const checks: Check[] = [
  (one, other) =>
    knowsSigner(one, other) && knowsSigner(other, one)
      ? undefined
      : {
          kind: 'difference',
          what: 'session secret',
          detail: `${one.name} and ${other.name} do not verify each other's signatures.`,
          advice:
            'Set SESSION_SECRETS so that the first secret of each server is among those of the other.',
        },
  differs({
    what: 'cookie name',
    of: ({ cookie }) => cookie.name,
    advice:
      'It follows from the scheme of PUBLIC_URL and COOKIE_DOMAIN: use https for both or for neither.',
  }),
  differs({
    what: 'cookie domain',
    of: ({ cookie }) => cookie.domain ?? 'none',
    advice: 'Set the same COOKIE_DOMAIN on both, or on neither.',
  }),
  differs({
    what: 'host',
    of: ({ host, cookie }) => (cookie.domain === null && host !== null ? host : 'any'),
    advice:
      'Without COOKIE_DOMAIN browsers send the cookie to one host only: put both behind one host (PUBLIC_URL), or set COOKIE_DOMAIN to the domain they share.',
  }),
  differs({
    what: 'prefix',
    of: ({ prefix }) => prefix,
    advice: 'Use the same prefix for the keys in Redis (authKit({ prefix })).',
  }),
  differs({
    what: 'session limits',
    of: ({ idleDays, absoluteDays }) => `${idleDays} and ${absoluteDays} days`,
    advice: 'Set the same SESSION_IDLE_DAYS and SESSION_ABSOLUTE_DAYS on both.',
  }),
  compareRedis,
  differs({
    what: 'trust proxy',
    of: ({ trustProxy }) => (trustProxy === undefined ? null : JSON.stringify(trustProxy)),
    advice: 'Set the same TRUST_PROXY on servers behind the same proxies.',
  }),
  compareClocks,
]

function knowsSigner(one: DescribedServer, other: DescribedServer): boolean {
  const [signer] = one.description.secrets
  return signer !== undefined && other.description.secrets.includes(signer)
}

/** Compares a fact of two servers; null marks one that a server does not tell. */
function differs(fact: {
  what: string
  of: (description: Description) => string | null
  advice: string
}): Check {
  return (one, other) => {
    const [mine, theirs] = [fact.of(one.description), fact.of(other.description)]
    if (mine === null) return notCompared(one, fact)
    if (theirs === null) return notCompared(other, fact)
    if (mine === theirs) return undefined
    const detail = `${one.name} has ${mine}, ${other.name} has ${theirs}.`
    return { kind: 'difference', what: fact.what, detail, advice: fact.advice }
  }
}

function notCompared({ name }: DescribedServer, fact: { what: string; advice: string }): Finding {
  const detail = `${name} does not report it.`
  return { kind: 'warning', what: fact.what, detail, advice: fact.advice, notCompared: true }
}

/** Says nothing of a Redis that a server does not reach: that is a failure of its own. */
function compareRedis(one: DescribedServer, other: DescribedServer): Finding | undefined {
  const fact = {
    what: 'Redis',
    advice: 'Set the same REDIS_URL on both, including the database number.',
  }
  const [mine, theirs] = [one.description.redis, other.description.redis]
  if (!mine || !theirs) return undefined
  if (mine.id === null) return notCompared(one, fact)
  if (theirs.id === null) return notCompared(other, fact)
  if (mine.id === theirs.id) return undefined
  const [server, database] = mine.id.split('/')
  const [otherServer, otherDatabase] = theirs.id.split('/')
  const detail =
    server === otherServer
      ? `${one.name} uses database ${database}, ${other.name} database ${otherDatabase} of the same Redis.`
      : `${one.name} and ${other.name} use different Redis servers.`
  return { kind: 'difference', detail, ...fact }
}

function compareClocks(one: DescribedServer, other: DescribedServer): Finding | undefined {
  const [mine, theirs] = [one.clock, other.clock]
  const fact = {
    what: 'clock',
    advice: 'Keep both clocks in sync with NTP: tokens and links depend on them.',
  }
  if (!mine) return notCompared(one, fact)
  if (!theirs) return notCompared(other, fact)
  const skewMs = Math.max(mine.atLeast - theirs.atMost, theirs.atLeast - mine.atMost)
  if (skewMs <= MOST_SKEW_MS) return undefined
  const detail = `${one.name} and ${other.name} are at least ${(skewMs / 1000).toFixed(1)} s apart.`
  return { kind: 'difference', detail, ...fact }
}
