import type { Request } from 'express'
import ipaddr from 'ipaddr.js'

/**
 * The address that a request counts under: the whole IPv4 address, or the /64 of an IPv6 address. A
 * household owns a whole /64, so changing addresses within it gains nothing. TRUST_PROXY alone
 * decides which hop is the client, through Express's `req.ip`.
 */
export function clientAddress(req: Request): string {
  return networkOf(req.ip ?? '') ?? 'unknown'
}

/** The exact address of a request, for display; undefined if it is invalid. */
export function clientIp(req: Request): string | undefined {
  return normalizeAddress(req.ip ?? '')
}

/** An address in the form in which it is recorded; undefined if it is invalid. */
export function normalizeAddress(text: string): string | undefined {
  return parse(text)?.toString()
}

/** `clientAddress` for an address as text. Also takes its own result; undefined for anything else. */
export function networkOf(text: string): string | undefined {
  const address = parse(text.replace(/\/64$/, ''))
  if (!address || address.kind() === 'ipv4') return address?.toString()
  const network = address.toByteArray().fill(0, 8)
  return `${ipaddr.fromByteArray(network).toString()}/64`
}

/**
 * Whether a request comes from this machine or its own network, as those of a proxy do. Some
 * platforms run their proxies in 169.254.0.0/16, so it counts here, but not in `isInternalRequest`.
 */
export function isFromWithin(req: Request): boolean {
  const range = parse(req.ip ?? '')?.range()
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal'].some((inner) => inner === range)
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const ip = withoutPort(text)
  // ::ffff:192.0.2.1 counts as the IPv4 address that it maps (C17).
  return ipaddr.isValid(ip) ? ipaddr.process(ip) : undefined
}

/** Some proxies write `192.0.2.1:5000` or `[2001:db8::1]:5000`. */
function withoutPort(address: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1')
}
