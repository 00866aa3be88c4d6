import { generateSecret, generateURI, verify } from 'otplib'
import QRCode from 'qrcode'

const PERIOD_SECONDS = 30

/** Creates a secret of 160 bits in base32, as authenticator apps expect it (RFC 4226 §4, R6). */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The `otpauth:` URI of a secret. */
export function totpUri({
  secret,
  issuer,
  username,
}: {
  secret: string
  issuer: string
  username: string
}): string {
  return generateURI({ issuer, label: username, secret })
}

/** A QR code of a text as an SVG image. */
export async function qrSvg(text: string): Promise<string> {
  return await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
}

type Given = {
  /** Base32. */
  secret: string
  code: string
  /** The last used step; -1 before the first use. */
  lastStep: number
  /** Steps of 30 s by which the app's clock may differ, either way. */
  drift: number
  now?: Date
}

/** The time step (RFC 6238 §4.2) of a valid code newer than `lastStep`; undefined otherwise. */
export async function stepOfCode({
  secret,
  code,
  lastStep,
  drift,
  now = new Date(),
}: Given): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined
  const result = await verify({
    secret,
    token: code,
    epoch: Math.floor(now.getTime() / 1000),
    period: PERIOD_SECONDS,
    epochTolerance: drift * PERIOD_SECONDS,
  })
  if (!result.valid || !('timeStep' in result)) return undefined
  return result.timeStep > lastStep ? result.timeStep : undefined
}
