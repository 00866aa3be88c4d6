import { describe, expect, it } from '@jest/globals'
import { hostile, site, tagWithId, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { resetPasswordPage } from './reset-password.page.ts'

const form = { token: 'the-token', username: 'ada', minLength: 15 }

describe('the page to choose a new password', () => {
  it('R40 escapes every value', () => {
    const page = (text: string) =>
      resetPasswordPage(site, {
        token: text,
        username: text,
        minLength: 15,
        error: text,
        fields: { password: text },
      })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('R7 masks the password, and names the field and the user for password managers', () => {
    const html = resetPasswordPage(site, form)
    expect(tagWithId(html, 'password')).toContain('type="password"')
    expect(tagWithId(html, 'password')).toContain('autocomplete="new-password"')
    expect(tagWithId(html, 'username')).toContain('autocomplete="username"')
    expect(tagWithId(html, 'username')).not.toContain('name=')
  })

  it('R3 states the minimum length and no other rule', () => {
    const html = resetPasswordPage(site, form)
    expect(html).toContain('At least 15 characters: a few words together are easy to remember')
    expect(tagWithId(html, 'password')).not.toMatch(/pattern|maxlength/)
  })

  it('links an error to its field', () => {
    const html = resetPasswordPage(site, { ...form, fields: { password: 'Not right.' } })
    expect(html).toContain('<title>Error: ')
    expect(tagWithId(html, 'password')).toContain(
      'aria-describedby="password-error password-hint" aria-invalid="true"',
    )
  })
})
