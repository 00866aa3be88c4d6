import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import onHeaders from 'on-headers'
import type { Config } from '../../config/config.ts'

type CookieConfig = Pick<Config, 'sessionSecrets' | 'publicUrl'>
type Headers = Pick<Request, 'headers'>

const DAY_MS = 24 * 60 * 60 * 1000
const DAYS = 365
/** A family at one computer; the one who signed in longest ago is left out. */
const ACCOUNTS = 5

/**
 * Sends the cookie that `giveDeviceCookie` made, after that of the session: programs that take the
 * first cookie for the session go on working. For that it has to come before the session's own step.
 */
export const sendDeviceCookie: RequestHandler = function sendDeviceCookie(_req, res, next) {
  onHeaders(res, () => {
    const cookie: unknown = res.locals.deviceCookie
    if (typeof cookie === 'string') res.append('Set-Cookie', cookie)
  })
  next()
}

/** A user, and since when their password holds: a browser is known as long as the password stays. */
export type DeviceUser = { id: string; passwordSetAt?: Date | null | undefined }

/**
 * The id of the browser a request comes from, where that user has signed in with it in the last
 * year and with the same password; undefined anywhere else. It opens nothing: it only lets its user pass where strangers have
 * used up the account's attempts (R11).
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

/** Notes in the browser's cookie that this user has signed in with it. */
export function giveDeviceCookie(config: CookieConfig, req: Request, user: DeviceUser): void {
  if (!req.res) return
  const secure = isSecure(config) ? '; Secure' : ''
  const attributes = `Max-Age=${DAYS * 86_400}; Path=/; HttpOnly; SameSite=Strict${secure}`
  req.res.locals.deviceCookie = `${deviceCookie(config, req, user)}; ${attributes}`
}

/** The browser's cookie, name and value, with that user added to it. */
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

/** What the cookie says, unproven: each tag is a proof for one user. */
function readDevice(
  config: CookieConfig,
  req: Headers,
): { id: string; tags: string[] } | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const found = pairs.filter((pair) => pair.startsWith(`${nameOf(config)}=`))
  // Two of one name: somebody planted one.
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

/** HMAC-SHA-256 under a key of this purpose alone (HKDF, RFC 5869), 128 bits of it. */
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

/** Of this host alone, also where the session is shared among sister domains. */
function nameOf(config: CookieConfig): string {
  return isSecure(config) ? '__Host-device' : 'device'
}
