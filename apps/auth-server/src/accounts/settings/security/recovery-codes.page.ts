import { renderPage, type Site } from '../../../http/pages/render-page.ts'

/** Shows new recovery codes, this once. */
export function recoveryCodesPage(site: Site, { codes }: { codes: string[] }): string {
  const file = `Recovery codes for ${site.name}. Each signs you in once.\n\n${codes.join('\n')}\n`
  return renderPage(site, {
    template: 'accounts/settings/security/recovery-codes.page.eta',
    title: 'Save your recovery codes',
    data: { codes, download: `data:text/plain;charset=utf-8,${encodeURIComponent(file)}` },
  })
}
