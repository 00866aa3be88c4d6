import { generateSecret, generateURI, verify } from 'otplib'
import QRCode from 'qrcode'

const PERIOD_SECONDS = 30

/** A secret of 160 bits in base32, as authenticator apps take it (RFC 4226 §4, R6). */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The `otpauth:` address of a secret. */
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

/** A text as a QR code: an SVG image. */
export async function qrSvg(text: string): Promise<string> {
  return await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
}

type Given = {
  /** Base32. */
  secret: string
  code: string
  /** The step used last; -1 if none was. */
  lastStep: number
  /** Steps of 30 s by which the app's clock may be wrong, either way. */
  drift: number
  now?: Date
}

/** The time step (RFC 6238 §4.2) of a good code that is newer than the last; undefined for any other. */
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
