import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, request } from 'undici'
import type { Network } from '../config/network-list.ts'

/** Sends requests to addresses that clients registered. */
export type Outbound = {
  /** Posts a form and returns the status. @throws Error for a refused address, an outage or a timeout */
  postForm(url: URL, fields: Record<string, string>): Promise<number>
  close(): Promise<void>
}

const CONNECT_MS = 3_000
const ANSWER_MS = 5_000
const ANSWER_BYTES = 64 * 1024

/**
 * The only way to send a request to an address that a client chose. It connects only to public
 * addresses and to the allowed networks (SSRF; OWASP ASVS 5 §1.3.6). It checks the very address that
 * it connects to, so DNS rebinding has no effect. It follows no redirects and reads at most 64 KB.
 */
export function createOutbound({ allow }: { allow: readonly Network[] }): Outbound {
  const agent = new Agent({
    connect: { lookup: lookupAllowed(allow), timeout: CONNECT_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
    maxResponseSize: ANSWER_BYTES,
    keepAliveTimeout: 1_000,
  })
  return {
    async postForm(url, fields) {
      const host = url.hostname.replace(/^\[|\]$/g, '')
      // A literal address connects without a lookup.
      if (isIP(host) !== 0 && !isAllowed(host, allow)) throw refused(host)
      const { statusCode, body } = await request(url, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
        signal: AbortSignal.timeout(CONNECT_MS + ANSWER_MS),
      })
      await body.dump()
      return statusCode
    },
    close: () => agent.close(),
  }
}

/** Whether this server may connect to an address. A mapped IPv4 address counts as IPv4. */
export function isAllowed(address: string, allow: readonly Network[]): boolean {
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'unicast') return true
  return allow.some(([network, bits]) => {
    return network.kind() === parsed.kind() && parsed.match(network, bits)
  })
}

function lookupAllowed(allow: readonly Network[]): LookupFunction {
  return function lookupAllowed(hostname, options, callback) {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const other = addresses.find(({ address }) => !isAllowed(address, allow))
      const [first] = addresses
      if (other || !first) return callback(refused(other?.address ?? hostname), '')
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}

function refused(address: string): Error {
  return new Error(
    `${address} is not a public address, and OUTBOUND_ALLOW does not list its network`,
  )
}
