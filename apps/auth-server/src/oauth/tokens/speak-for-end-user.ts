import type { Request } from 'express'

type EndUser = { address?: string | undefined; agent?: string | undefined }

/**
 * Makes a client's request count as its end user's own: limits, the audit log, notices and lists read
 * address and User-Agent from it. Those of the client itself say nothing about the user.
 */
export function speakForEndUser(req: Request, { address, agent = '' }: EndUser): void {
  req.headers['user-agent'] = agent
  if (address !== undefined) Object.defineProperty(req, 'ip', { value: address })
}
