import { describe, expect, it } from '@jest/globals'
import { hostile, site, tagWithId, withoutEscaped } from '../../testing/pages.fixture.ts'
import { reauthenticatePage } from './reauthenticate.page.ts'

describe('the page that asks for the password again', () => {
  it('R40 escapes every value it is given', () => {
    const page = (text: string) =>
      reauthenticatePage(site, {
        username: text,
        returnTo: text,
        error: text,
        fields: { password: text },
      })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('posts the password and the return URL, not the user name', () => {
    const html = reauthenticatePage(site, { username: 'ada', returnTo: '/account' })
    expect(html).toContain('<form method="post" action="/auth/reauthenticate">')
    expect(html).toContain('name="returnTo" value="/account"')
    expect(tagWithId(html, 'password')).toContain('name="password"')
    expect(tagWithId(html, 'username')).not.toContain('name=')
  })

  it('R7 tells a password manager which account it is', () => {
    const html = reauthenticatePage(site, { username: 'ada' })
    expect(tagWithId(html, 'username')).toContain('autocomplete="username"')
    expect(tagWithId(html, 'password')).toContain('type="password"')
    expect(tagWithId(html, 'password')).toContain('autocomplete="current-password"')
  })

  it.each([
    ['the whole', { error: 'Not right.' }, 'problem'],
    ['the field', { fields: { password: 'Not right.' } }, 'password-error'],
  ])('says once what was wrong with %s', (_what, state, describedBy) => {
    const html = reauthenticatePage(site, { username: 'ada', ...state })
    expect(html).toContain('<title>Error: ')
    expect(html.match(/Not right\./g)).toHaveLength(1)
    expect(html).toContain(`id="${describedBy}"`)
    expect(tagWithId(html, 'password')).toContain(`aria-describedby="${describedBy}"`)
  })
})
