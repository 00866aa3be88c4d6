import Bowser from 'bowser'
import type { Request } from 'express'
import { clientIp } from './client-address.ts'

export type Device = { userAgent: string; address: string }

const LONGEST = 300

/**
 * The browser of a request, as it describes itself, and its address. A sign-in keeps it, and shows it only
 * to its user and to admins.
 */
export function deviceOf(req: Request): Device {
  return {
    userAgent: (req.get('User-Agent') ?? '').slice(0, LONGEST),
    address: clientIp(req) ?? '',
  }
}

/** A device in words: "Firefox on Linux". */
export function deviceInWords(userAgent: string): string {
  if (userAgent === '') return 'An unknown device'
  // oxlint-disable-next-line import/no-named-as-default-member -- Node finds no named exports in it
  const { browser, os } = Bowser.parse(userAgent)
  const program = browser.name || userAgent.split(/[/ ]/, 1).join()
  return os.name ? `${program} on ${os.name}` : program
}

/** The address and device of a request, for the notice to the user. */
export function noticeFacts(req: Request): Record<string, string> {
  const { userAgent, address } = deviceOf(req)
  return {
    ...(address !== '' && { address }),
    ...(userAgent !== '' && { device: deviceInWords(userAgent) }),
  }
}
