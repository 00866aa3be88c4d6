import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import onHeaders from 'on-headers'
import type { Config } from '../../config/config.ts'

type CookieConfig = Pick<Config, 'sessionSecrets' | 'publicUrl'>
type Headers = Pick<Request, 'headers'>

const DAY_MS = 24 * 60 * 60 * 1000
const DAYS = 365
/** Enough for people who share a computer; the one who signed in longest ago drops out. */
const ACCOUNTS = 5

/**
 * Sends the cookie of `giveDeviceCookie` after the session cookie, so that programs that expect the session
 * cookie first keep working. Mount it before the session middleware.
 */
export const sendDeviceCookie: RequestHandler = function sendDeviceCookie(_req, res, next) {
  onHeaders(res, () => {
    const cookie: unknown = res.locals.deviceCookie
    if (typeof cookie === 'string') res.append('Set-Cookie', cookie)
  })
  next()
}

/** A user, and when their password was set: a device stays known until the password changes. */
export type DeviceUser = { id: string; passwordSetAt?: Date | null | undefined }

/**
 * The id of the device that sent a request, if the user has signed in with it in the last year and with
 * the same password; undefined otherwise. It grants no access: it only lets its user try a password when
 * strangers have used up the account's attempts (R11).
 */
export function knownDevice(
  config: CookieConfig,
  req: Headers,
  user: DeviceUser,
  now = new Date(),
): string | undefined {
  const device = readDevice(config, req)
  const isKnown = device?.tags.some((tag) => isTagOf(config, { tag, id: device.id, user, now }))
  return isKnown ? device?.id : undefined
}

/** Notes in the device cookie that this user has signed in. */
export function giveDeviceCookie(config: CookieConfig, req: Request, user: DeviceUser): void {
  if (!req.res) return
  const secure = isSecure(config) ? '; Secure' : ''
  const attributes = `Max-Age=${DAYS * 86_400}; Path=/; HttpOnly; SameSite=Strict${secure}`
  req.res.locals.deviceCookie = `${deviceCookie(config, req, user)}; ${attributes}`
}

/** The device cookie, name and value, with this user added. */
export function deviceCookie(
  config: CookieConfig,
  req: Headers,
  user: DeviceUser,
  now = new Date(),
): string {
  const device = readDevice(config, req)
  const id = device?.id ?? randomBytes(16).toString('base64url')
  const others = (device?.tags ?? []).filter((tag) => !isTagOf(config, { tag, id, user, now }))
  const [key = ''] = config.sessionSecrets
  const day = Math.floor(now.getTime() / DAY_MS)
  const tags = [`${day}-${sign(key, { id, user, day })}`, ...others].slice(0, ACCOUNTS)
  return `${nameOf(config)}=${[id, ...tags].join('.')}`
}

/** Parses the cookie without verifying it: each tag is a proof for one user. */
function readDevice(
  config: CookieConfig,
  req: Headers,
): { id: string; tags: string[] } | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const found = pairs.filter((pair) => pair.startsWith(`${nameOf(config)}=`))
  // Two cookies with this name: somebody planted one.
  if (found.length !== 1) return undefined
  const [id = '', ...tags] = (found[0] ?? '').slice(nameOf(config).length + 1).split('.')
  const isOurs = /^[\w-]{22}$/.test(id) && tags.every((tag) => /^\d{1,6}-[\w-]{22}$/.test(tag))
  return isOurs ? { id, tags: tags.slice(0, ACCOUNTS) } : undefined
}

function isTagOf(
  { sessionSecrets }: CookieConfig,
  { tag, id, user, now }: { tag: string; id: string; user: DeviceUser; now: Date },
): boolean {
  const at = tag.indexOf('-')
  const day = Number(tag.slice(0, at))
  const age = now.getTime() / DAY_MS - day
  if (age < -1 || age > DAYS + 1) return false
  const signature = Buffer.from(tag.slice(at + 1))
  return sessionSecrets.some((secret) =>
    timingSafeEqual(signature, Buffer.from(sign(secret, { id, user, day }))),
  )
}

/** 128 bits of HMAC-SHA-256 under a key derived for this purpose only (HKDF, RFC 5869). */
function sign(secret: string, { id, user, day }: { id: string; user: DeviceUser; day: number }) {
  const since = user.passwordSetAt ? [user.passwordSetAt.getTime()] : []
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'device', 32))
  const signature = createHmac('sha256', key)
    .update(JSON.stringify([id, user.id, day, ...since]))
    .digest()
  return signature.subarray(0, 16).toString('base64url')
}

function isSecure({ publicUrl }: CookieConfig): boolean {
  return publicUrl.protocol === 'https:'
}

/** Limited to this host, even if the session is shared among sister domains. */
function nameOf(config: CookieConfig): string {
  return isSecure(config) ? '__Host-device' : 'device'
}
