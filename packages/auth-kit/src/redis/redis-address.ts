export type RedisAddress = {
  kind: 'single' | 'sentinel' | 'cluster'
  tls: boolean
  hosts: { host: string; port: number }[]
  username?: string | undefined
  password?: string | undefined
  /** The name of the Sentinel group. */
  group: string
  db: number
  /** IP version for DNS: 4, 6, or 0 for both. */
  family?: number | undefined
  sentinelUsername?: string | undefined
  sentinelPassword?: string | undefined
}

const address =
  /^redis(?<tls>s?)(?:-(?<kind>sentinel|cluster))?:\/\/(?:(?<auth>[^/?#]*)@)?(?<hosts>[^/?@]+)(?:\/(?<path>[^?]*))?(?:\?(?<query>.*))?$/

/**
 * The parts of a Redis URL. The password may contain colons; `@ / ? # %` must be percent-encoded.
 *
 * @throws TypeError for an invalid URL. The message does not repeat it: it may contain a password
 */
export function readRedisAddress(url: string): RedisAddress {
  const { tls, kind, auth, hosts = '', path = '', query } = address.exec(url.trim())?.groups ?? {}
  const list = hosts.split(',').map((host) => readHost(host.trim(), kind))
  if (hosts === '' || (kind === undefined && list.length > 1)) throw invalid()
  const options = new URLSearchParams(query)
  const [first = '', second] = path.split('/')
  const group = kind === 'sentinel' ? first || 'mymaster' : ''
  const db = options.get('db') ?? (kind === 'sentinel' ? second : first)
  return {
    kind: kind === 'sentinel' || kind === 'cluster' ? kind : 'single',
    tls: tls === 's',
    hosts: list,
    ...readCredentials(auth),
    group,
    db: readNumber(db, kind === 'cluster' ? 0 : undefined) ?? 0,
    family: readNumber(options.get('family'), 6),
    sentinelUsername: options.get('sentinelUsername') ?? undefined,
    sentinelPassword: options.get('sentinelPassword') ?? undefined,
  }
}

function readHost(text: string, kind: string | undefined): { host: string; port: number } {
  const { ipv6, name, port } =
    /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<name>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups ??
    {}
  const host = ipv6 ?? name
  if (host === undefined) throw invalid()
  return { host, port: Number(port ?? (kind === 'sentinel' ? 26379 : 6379)) }
}

function readCredentials(auth: string | undefined) {
  const { username, password } =
    /^(?<username>[^:]*)(?::(?<password>.*))?$/s.exec(auth ?? '')?.groups ?? {}
  return { username: decode(username), password: decode(password) }
}

function decode(text: string | undefined): string | undefined {
  try {
    return text ? decodeURIComponent(text) : undefined
  } catch {
    throw invalid()
  }
}

function readNumber(text: string | null | undefined, most = Infinity): number | undefined {
  if (!text) return undefined
  if (!/^\d+$/.test(text) || Number(text) > most) throw invalid()
  return Number(text)
}

function invalid(): TypeError {
  return new TypeError(
    'The Redis URL must look like redis://user:password@host:6379/0, with / ? # @ % in the password percent-encoded.',
  )
}
