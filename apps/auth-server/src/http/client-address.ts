import type { Request } from 'express'
import ipaddr from 'ipaddr.js'

/**
 * The address a request counts under: the whole IPv4 address, the /64 of an IPv6 one (a household
 * has that many, so walking through them gains nothing). Which hop is the client, TRUST_PROXY
 * alone decides, by way of Express's `req.ip`.
 */
export function clientAddress(req: Request): string {
  const ip = withoutPort(req.ip ?? '')
  if (!ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip) // ::ffff:192.0.2.1 is the IPv4 address it stands for
  if (address.kind() === 'ipv4') return address.toString()
  const network = address.toByteArray().fill(0, 8)
  return `${ipaddr.fromByteArray(network).toString()}/64`
}

/** Some proxies write `192.0.2.1:5000` or `[2001:db8::1]:5000`. */
function withoutPort(address: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1')
}
