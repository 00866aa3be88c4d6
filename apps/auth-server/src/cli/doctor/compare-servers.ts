import type { DescribedServer } from './described-server.ts'

/** Something that keeps two servers from honouring each other's sessions, or may. */
export type Finding = {
  /** A failure is of one server alone. */
  kind: 'difference' | 'failure' | 'warning'
  what: string
  /** It is not known whether it differs. */
  notCompared?: true
  /** What was seen. */
  detail: string
  /** What to do about it. */
  advice: string
}

type Check = (one: DescribedServer, other: DescribedServer) => Finding | undefined
type Description = DescribedServer['description']

const MOST_SKEW_MS = 1_000

/** What differs between two servers and has to be the same, and of what that is not known. */
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
          detail: `${one.name} and ${other.name} do not verify what the other one signs.`,
          advice:
            'Give both the same SESSION_SECRETS, the first one of each among those of the other.',
        },
  differs({
    what: 'cookie name',
    of: ({ cookie }) => cookie.name,
    advice: 'It follows the scheme of PUBLIC_URL and COOKIE_DOMAIN: give both https, or neither.',
  }),
  differs({
    what: 'cookie domain',
    of: ({ cookie }) => cookie.domain ?? 'none',
    advice: 'Give both the same COOKIE_DOMAIN, or neither.',
  }),
  differs({
    what: 'host',
    of: ({ host, cookie }) => (cookie.domain === null && host !== null ? host : 'any'),
    advice:
      'Without COOKIE_DOMAIN browsers send the cookie to one host alone: put both behind one (PUBLIC_URL), or set COOKIE_DOMAIN to the domain they share.',
  }),
  differs({
    what: 'prefix',
    of: ({ prefix }) => prefix,
    advice: 'Give both the same prefix for their keys in Redis (authKit({ prefix })).',
  }),
  differs({
    what: 'session limits',
    of: ({ idleDays, absoluteDays }) => `${idleDays} and ${absoluteDays} days`,
    advice: 'Give both the same SESSION_IDLE_DAYS and SESSION_ABSOLUTE_DAYS.',
  }),
  differs({
    what: 'Redis',
    of: ({ redis }) => redis?.id ?? null,
    advice: 'Give both the REDIS_URL of one server, its database number included.',
  }),
  differs({
    what: 'trust proxy',
    of: ({ trustProxy }) => (trustProxy === undefined ? null : JSON.stringify(trustProxy)),
    advice: 'Servers behind the same proxies have the same TRUST_PROXY.',
  }),
  compareClocks,
]

function knowsSigner(one: DescribedServer, other: DescribedServer): boolean {
  const [signer] = one.description.secrets
  return signer !== undefined && other.description.secrets.includes(signer)
}

/** null: not known, so nothing can be compared. */
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
  const detail = `It cannot be compared: ${name} does not tell it.`
  return { kind: 'warning', what: fact.what, detail, advice: fact.advice, notCompared: true }
}

function compareClocks(one: DescribedServer, other: DescribedServer): Finding | undefined {
  const [mine, theirs] = [one.clock, other.clock]
  const fact = { what: 'clock', advice: 'Keep both by NTP: tokens and links go by the clock.' }
  if (!mine) return notCompared(one, fact)
  if (!theirs) return notCompared(other, fact)
  const skewMs = Math.max(mine.atLeast - theirs.atMost, theirs.atLeast - mine.atMost)
  if (skewMs <= MOST_SKEW_MS) return undefined
  const detail = `${one.name} and ${other.name} are ${(skewMs / 1000).toFixed(1)} s apart at least.`
  return { kind: 'difference', detail, ...fact }
}
