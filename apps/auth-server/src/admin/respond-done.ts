import type { Request, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { noticeUrl, type Notice } from '../http/pages/notices.ts'
import type { Site } from '../http/pages/render-page.ts'

/** Done: a browser goes on to a page that says so, a program gets 204. */
export function answerDone(
  site: Site,
  { req, res, path, notice }: { req: Request; res: Response; path: string; notice: Notice },
): void {
  if (prefersHtml(req)) res.redirect(303, noticeUrl(site, path, notice))
  else res.status(204).end()
}
