import type { Response } from 'express'
import { noticeUrl } from '../../../http/pages/notices.ts'
import { renderPage, type Site } from '../../../http/pages/render-page.ts'
import { paths } from '../../../http/paths.ts'

/** Shows new recovery codes, this once. */
export function recoveryCodesPage(site: Site, { codes }: { codes: string[] }): string {
  const file = `Recovery codes for ${site.name}. Each signs you in once.\n\n${codes.join('\n')}\n`
  return renderPage(site, {
    template: 'accounts/settings/security/recovery-codes.page.eta',
    title: 'Save your recovery codes',
    data: { codes, download: `data:text/plain;charset=utf-8,${encodeURIComponent(file)}` },
  })
}

/** Answers a browser after a factor was added: shows the recovery codes if these are the first. */
export function showAdded(
  { site }: { site: Site },
  res: Response,
  codes: string[] | undefined,
): void {
  if (codes) res.type('html').send(recoveryCodesPage(site, { codes }))
  else res.redirect(303, noticeUrl(site, paths.factors, 'factor_added'))
}
