import { describe, expect, it } from '@jest/globals'
import { errorPage } from './error.page.ts'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'

const missing = { status: 404, title: 'Not found', detail: 'Nothing is here.', code: 'not_found' }

describe('the error page', () => {
  it('R40 escapes every value', () => {
    const page = (text: string) =>
      errorPage({ ...site, name: text }, { status: 400, title: text, detail: text, code: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('begins its title with "Error", and shows the status and the message', () => {
    const html = errorPage(site, missing)
    expect(html).toContain('<title>Error: Not found · Latchkey</title>')
    expect(html).toContain('Error 404')
    expect(html).toContain('Nothing is here.')
  })

  it('shows the contact link and the error code to quote', () => {
    const html = errorPage(site, missing)
    expect(html).toContain('href="https://example.com/contact">Contact us</a>')
    expect(html).toContain('<code>not_found</code>')
  })

  it.each([
    [401, 'href="/auth/login">Sign in'],
    [403, 'href="/auth/account">Go to your account'],
    [404, 'href="/auth/account">Go to your account'],
    [429, 'href="">Try again'],
    [503, 'href="">Try again'],
  ])('offers a next step after %i', (status, link) => {
    expect(errorPage(site, { ...missing, status })).toContain(link)
  })
})

describe('every page', () => {
  const html = errorPage(site, missing)

  it('names its language and has one h1 inside one main', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html.match(/<h1>/g)).toHaveLength(1)
    expect(html.match(/<main>/g)).toHaveLength(1)
  })

  it('R36 has no inline script or style, so that the policy can forbid both', () => {
    expect(html).not.toMatch(/<script|<style|style=|\son[a-z]+=/)
  })

  it('loads its files from BASE_PATH', () => {
    expect(html).toContain('href="/auth/style.css"')
    expect(html).toContain('href="/auth/favicon.svg"')
  })
})
