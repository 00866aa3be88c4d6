import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Request } from 'express'

// 169.254.0.0/16 is missing: some platforms' proxies forward public requests from there.
const internal = new BlockList()
internal.addSubnet('127.0.0.0', 8, 'ipv4')
internal.addSubnet('10.0.0.0', 8, 'ipv4')
internal.addSubnet('172.16.0.0', 12, 'ipv4')
internal.addSubnet('192.168.0.0', 16, 'ipv4')
internal.addAddress('::1', 'ipv6')
internal.addSubnet('fc00::', 7, 'ipv6')
internal.addSubnet('fe80::', 10, 'ipv6')

const forwarded = /^(forwarded|via|x-real-ip|x-forwarded(-.*)?)$/

type Access = {
  metricsToken: string | undefined
  /**
   * Only the token counts. A proxy that adds no header cannot be told from the operator, so in
   * production, and whenever proxies are trusted, an address proves nothing.
   */
  tokenOnly: boolean
  /** A port only for the operator: every request on it is let in. */
  metricsPort?: number | undefined
}

/**
 * Whether a request carries the token, or comes from the operator's own network without a proxy. The
 * socket's address counts, because `req.ip` may be what a client wrote (R65).
 */
export function isInternalRequest(req: Request, access: Access): boolean {
  const { metricsToken, metricsPort, tokenOnly } = access
  if (metricsPort !== undefined && req.socket.localPort === metricsPort) return true
  return showsToken(req, metricsToken) || (!tokenOnly && isInternalPeer(req) && !isForwarded(req))
}

function isInternalPeer(req: Request): boolean {
  const address = (req.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  const version = isIP(address)
  return version !== 0 && internal.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

function isForwarded(req: Request): boolean {
  return Object.keys(req.headers).some((name) => forwarded.test(name))
}

function showsToken(req: Request, token: string | undefined): boolean {
  const shown = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1]
  return token !== undefined && shown !== undefined && timingSafeEqual(digest(shown), digest(token))
}

// Comparing in constant time needs equal lengths, which digests have.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
