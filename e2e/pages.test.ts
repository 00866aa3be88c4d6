import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { site } from '../apps/auth-server/testing/pages.fixture.ts'
import { gallery } from '../tools/screenshots/gallery.ts'
import { serveGallery } from '../tools/screenshots/serve-gallery.ts'
import { expectAccessible, openBrowser, overflow } from './browser.ts'

let pages: Record<string, string>
let server: Awaited<ReturnType<typeof serveGallery>>
let browser: Awaited<ReturnType<typeof openBrowser>>
let page: Page

beforeAll(async () => {
  pages = await gallery({ ...site, url: (path) => path })
  server = await serveGallery(pages)
  browser = await openBrowser()
  page = await browser.newPage()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

describe('every page', () => {
  it('is accessible in light and dark', async () => {
    for (const name of Object.keys(pages)) {
      // oxlint-disable-next-line no-await-in-loop
      await page.goto(`${server.url}${name}`)
      // oxlint-disable-next-line no-await-in-loop
      await expectAccessible(page)
    }
  }, 400_000)

  it.each([320, 768, 1920])(
    'needs no sideways scrolling at %i px',
    async (width) => {
      await page.setViewportSize({ width, height: 800 })
      const wide: string[] = []
      for (const name of Object.keys(pages)) {
        // oxlint-disable-next-line no-await-in-loop
        await page.goto(`${server.url}${name}`)
        // oxlint-disable-next-line no-await-in-loop
        if ((await overflow(page)) > 0) wide.push(name)
      }
      expect(wide).toEqual([])
    },
    120_000,
  )
})

describe('a password field', () => {
  it('is shown and hidden by a button, and never sent while it is shown', async () => {
    await page.goto(`${server.url}sign-in`)
    const field = page.getByLabel('Password')
    await field.fill('seven quiet rivers')
    await page.getByRole('button', { name: 'Show Password' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Hide Password' }).click()
    expect(await field.getAttribute('type')).toBe('password')
  })

  it('says how long a new password is, and when it is long enough', async () => {
    await page.goto(`${server.url}sign-up`)
    const rule = page.getByRole('listitem').filter({ hasText: 'At least 15 characters' })
    await page.getByLabel('Password').fill('seven quiet')
    expect(await rule.innerText()).toContain('(11/15)')
    await page.getByLabel('Password').fill('seven quiet rivers')
    expect(await rule.getAttribute('class')).toBe('met')
  })
})

describe('a moment', () => {
  it('is in the time zone of the reader, and relative if it is near', async () => {
    const there = await browser.newPage({ timezoneId: 'Asia/Tokyo', locale: 'en-GB' })
    await there.goto(`${server.url}sessions`)
    const time = there.locator('time').first()
    expect(await time.innerText()).toMatch(/^\d+ minutes ago$/)
    expect(await time.getAttribute('title')).toMatch(/GMT\+9|Japan/)
    await there.context().close()
  })

  it('is in UTC without a script', async () => {
    const there = await browser.newPage({ javaScriptEnabled: false })
    await there.goto(`${server.url}sessions`)
    expect(await there.locator('time').first().innerText()).toMatch(/ UTC$/)
    await there.context().close()
  })
})
