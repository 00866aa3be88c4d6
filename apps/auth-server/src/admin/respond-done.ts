import type { Request, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { noticeUrl } from '../http/pages/notices.ts'
import type { Site } from '../http/pages/render-page.ts'
import type { AdminNotice } from './admin.notices.ts'

/** Sends a browser on to a page with the notice, and answers a program with 204. */
export function respondDone(
  site: Site,
  { req, res, path, notice }: { req: Request; res: Response; path: string; notice: AdminNotice },
): void {
  if (prefersHtml(req)) res.redirect(303, noticeUrl(site, path, notice))
  else res.status(204).end()
}
