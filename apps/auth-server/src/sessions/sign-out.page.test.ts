import { describe, expect, it } from '@jest/globals'
import { hostile, site, withoutEscaped } from '../../testing/pages.fixture.ts'
import { signOutPage } from './sign-out.page.ts'

describe('the sign-out page', () => {
  it('R40 escapes the user name', () => {
    const page = (username: string) => signOutPage(site, { username })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('R34 signs out with a post and links back to the account', () => {
    const html = signOutPage(site, { username: 'ada' })
    expect(html).toContain('method="post" action="/auth/logout"')
    expect(html).toContain('href="/auth/account"')
  })
})
