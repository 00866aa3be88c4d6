import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'
import { findProgram } from '../tools/services/find-program.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome']
/** The same engine without the window around it. It costs half the time. */
const shell = 'chromium-headless-shell'
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

type BrowserOptions = {
  /** Addresses of made-up host names: `{ 'login.intranet': '127.0.0.1:3000' }`. */
  hosts?: Record<string, string>
  /** For what the window adds, such as the PIN of a passkey. */
  withWindow?: boolean
}

/** A real Chromium. Every page has a profile of its own, so no cookies are shared. */
export async function openBrowser({ hosts = {}, withWindow = false }: BrowserOptions = {}) {
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`)
  const args = [...flags, `--host-resolver-rules=${rules.join(',')}`]
  const browser = await chromium.launch({ executablePath: await findChromium(withWindow), args })
  return {
    async newPage(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext(options)
      return await context.newPage()
    },
    /** Closes every page with its profile, as between two tests. */
    async closePages(): Promise<void> {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    close: () => browser.close(),
  }
}

/**
 * Throws a readable list if axe-core finds anything serious or critical, light or dark. Only colours differ
 * between the two, so the structure is checked once.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await axe(page).analyze()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await axe(page).withRules('color-contrast').analyze()
  await page.emulateMedia({ colorScheme: null })
  const grave = [...light.violations, ...dark.violations].filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  )
  if (grave.length === 0) return
  const lines = grave.map(({ id, impact, help, nodes }) => {
    const places = nodes.map(({ target }) => target.join(' ')).join(', ')
    return `${impact} ${id}: ${help} (${places})`
  })
  throw new Error(`${page.url()} is not accessible:\n${lines.join('\n')}`)
}

// Our pages have no frames, so axe need not open a page of its own to merge results.
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode()
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
}

async function findChromium(withWindow: boolean): Promise<string> {
  const { env } = process
  const found =
    env.CHROMIUM_PATH || (await findProgram(withWindow ? names : [shell, ...names], env))
  if (found) return found
  throw new Error(`No Chromium found: set CHROMIUM_PATH or install one of ${names.join(', ')}`)
}
