import type { Request } from 'express'

type EndUser = { address?: string | undefined; agent?: string | undefined }

/**
 * Has a request count as its end user's own, as the client says that it speaks for them: limits, audit
 * log, notices and lists read address and program from it. The client's own say nothing about the user.
 */
export function speakForEndUser(req: Request, { address, agent = '' }: EndUser): void {
  req.headers['user-agent'] = agent
  if (address !== undefined) Object.defineProperty(req, 'ip', { value: address })
}
