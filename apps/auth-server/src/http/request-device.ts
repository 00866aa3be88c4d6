import Bowser from 'bowser'
import type { Request } from 'express'
import { clientIp } from './client-address.ts'

declare module 'express-session' {
  interface SessionData {
    /** The browser and address of the sign-in, shown only in the list of the user’s own sessions. */
    device?: Device
  }
}

export type Device = { userAgent: string; address: string }

const LONGEST = 300

/** What this request was made with, as it says itself. */
export function deviceOf(req: Request): Device {
  return {
    userAgent: (req.get('User-Agent') ?? '').slice(0, LONGEST),
    address: clientIp(req) ?? '',
  }
}

/** A device in words: "Firefox on Linux". */
export function deviceInWords(userAgent: string): string {
  if (userAgent === '') return 'An unknown device'
  // oxlint-disable-next-line import/no-named-as-default-member -- Node sees no names in it
  const { browser, os } = Bowser.parse(userAgent)
  const program = browser.name || userAgent.split(/[/ ]/, 1).join()
  return os.name ? `${program} on ${os.name}` : program
}

/** Where something was done from and with what, for the notice that tells of it. */
export function noticeFacts(req: Request): Record<string, string> {
  const { userAgent, address } = deviceOf(req)
  return {
    ...(address !== '' && { address }),
    ...(userAgent !== '' && { device: deviceInWords(userAgent) }),
  }
}
