import type { Request } from 'express'
import { describeDevice } from '../devices/describe-device.ts'
import { clientIp } from './client-address.ts'

/** Where something was done from and with what, for the notice that tells of it. */
export function noticeFacts(req: Request): Record<string, string> {
  const address = clientIp(req)
  const device = describeDevice(req.get('User-Agent'))
  return { ...(address !== undefined && { address }), ...(device !== undefined && { device }) }
}
