import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../../e2e/browser.ts'
import { site } from '../../apps/auth-server/testing/pages.fixture.ts'
import { gallery } from './gallery.ts'
import { mailGallery } from './mail-gallery.ts'
import { serveGallery } from './serve-gallery.ts'

const { values } = parseArgs({
  options: {
    /** Only pages whose names begin with this. */
    only: { type: 'string', default: '' },
    widths: { type: 'string', default: '360,1280' },
    schemes: { type: 'string', default: 'light,dark' },
    out: { type: 'string', default: '.data/screenshots' },
  },
})

/** Takes a picture of every page and e-mail, at each width, light and dark. */
async function main(): Promise<void> {
  const pages = { ...(await gallery({ ...site, url: (path) => path })), ...mailGallery() }
  const server = await serveGallery(pages)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    await mkdir(values.out, { recursive: true })
    for (const name of Object.keys(pages).filter((name) => name.startsWith(values.only)))
      for (const scheme of values.schemes.split(','))
        for (const width of values.widths.split(',')) {
          const colorScheme = scheme === 'dark' ? 'dark' : 'light'
          // oxlint-disable-next-line no-await-in-loop
          await page.emulateMedia({ colorScheme })
          // oxlint-disable-next-line no-await-in-loop
          await page.setViewportSize({ width: Number(width), height: 800 })
          // oxlint-disable-next-line no-await-in-loop
          await page.goto(`${server.url}${name}`)
          const path = join(values.out, `${name}-${width}-${scheme}.png`)
          // oxlint-disable-next-line no-await-in-loop
          await page.screenshot({ path, fullPage: true })
        }
  } finally {
    await browser.close()
    await server.close()
  }
}

await main()
