import { STATUS_CODES } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { errorPage } from './error.page.ts'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'

const missing = { status: 404, detail: 'Nothing is here.', code: 'not_found' }

describe('the error page', () => {
  it('R40 escapes every value', () => {
    const page = (text: string) =>
      errorPage({ ...site, name: text }, { status: 400, detail: text, code: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('says "Error" first in its title, then what is wrong in words', () => {
    const html = errorPage(site, missing)
    expect(html).toContain('<title>Error: We can’t find that page · Latchkey</title>')
    expect(html).toContain('<h1>We can’t find that page</h1>')
  })

  it.each([400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 500, 502, 503])(
    'never shows the name of status %i as a headline',
    (status) => {
      const html = errorPage(site, { ...missing, status })
      expect(html).not.toContain(STATUS_CODES[status])
    },
  )

  it('says in the headline of a 429 how long to wait', () => {
    const detail = 'Too many attempts. Try again in 14 minutes.'
    const html = errorPage(site, { status: 429, detail, code: 'too_many_attempts' })
    expect(html).toContain(`<h1>${detail}</h1>`)
  })

  it('names the contact once, and a reference', () => {
    const html = errorPage(site, missing)
    expect(html).toContain('href="https://example.com/contact">Contact us</a>')
    expect(html.match(/href="https:\/\/example.com\/contact"/g)).toHaveLength(1)
    expect(html).toContain('<code>not_found</code> (404)')
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
    expect(html.match(/<main /g)).toHaveLength(1)
  })

  it('R36 has no inline script or style, so that the policy can forbid both', () => {
    expect(html).not.toMatch(/<script|<style|style=|\son[a-z]+=/)
  })

  it('loads its files from BASE_PATH', () => {
    expect(html).toContain('href="/auth/style.css"')
    expect(html).toContain('href="/auth/favicon.svg"')
  })
})
