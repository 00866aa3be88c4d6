import { describe, expect, it } from '@jest/globals'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { accountPage } from './account.page.ts'

const times = {
  signedInAt: new Date('2026-11-21T09:30:00Z'),
  expiresAt: new Date('2026-12-05T09:30:00Z'),
}
const ada = { username: 'ada', email: 'ada@example.com', roles: ['admin'], verifiedAt: null }

describe('the account page', () => {
  it('R40 escapes every value', () => {
    const page = (text: string) =>
      accountPage(site, { user: { ...ada, username: text, email: text, roles: [text] }, ...times })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('shows dates in words with their time zone, and in ISO 8601 for programs', () => {
    const html = accountPage(site, { user: ada, ...times })
    expect(html).toContain(
      '<time datetime="2026-12-05T09:30:00.000Z" data-relative>5 December 2026 at 09:30 UTC</time>',
    )
  })

  it('shows whether the e-mail address is confirmed', () => {
    expect(accountPage(site, { user: ada, ...times })).toContain('Not confirmed yet')
    const confirmed = { ...ada, verifiedAt: '2026-11-02T08:15:00.000Z' }
    expect(accountPage(site, { user: confirmed, ...times })).toContain('Confirmed <time')
  })

  it('signs out by POST', () => {
    const html = accountPage(site, { user: ada, ...times })
    expect(html).toContain('<form method="post" action="/auth/logout">')
  })
})
