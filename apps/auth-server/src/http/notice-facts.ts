import type { Request } from 'express'
import { deviceInWords, deviceOf } from './request-device.ts'

/** Where something was done from and with what, for the notice that tells of it. */
export function noticeFacts(req: Request): Record<string, string> {
  const { userAgent, address } = deviceOf(req)
  return {
    ...(address !== '' && { address }),
    ...(userAgent !== '' && { device: deviceInWords(userAgent) }),
  }
}
