import { describe, expect, it } from '@jest/globals'
import { hostile, site, withoutEscaped } from '../../testing/pages.fixture.ts'
import { signOutPage } from './sign-out.page.ts'

describe('the page that asks before signing out', () => {
  it('R40 escapes the user name', () => {
    const page = (username: string) => signOutPage(site, { username })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('R34 signs out by a post, and leads back to the account by a link', () => {
    const html = signOutPage(site, { username: 'ada' })
    expect(html).toContain('method="post" action="/auth/logout"')
    expect(html).toContain('href="/auth/account"')
  })
})
