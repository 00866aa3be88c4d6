import { describe, expect, it } from '@jest/globals'
import { hostile, site, tagWithId, withoutEscaped } from '../../testing/pages.fixture.ts'
import { signInPage } from './sign-in.page.ts'

const wrong = 'Wrong user name or password.'

describe('the sign-in page', () => {
  it.each(['username', 'returnTo', 'error', 'notice'])('R40 escapes %s', (field) => {
    const page = (text: string) => signInPage(site, { [field]: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('R40 escapes the messages of single fields', () => {
    const page = (text: string) => signInPage(site, { fields: { username: text, password: text } })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('posts user name, password and the return URL', () => {
    const html = signInPage(site, { returnTo: '/dashboard' })
    expect(html).toContain('<form method="post" action="/auth/login">')
    expect(html).toContain('<input type="hidden" name="returnTo" value="/dashboard">')
    expect(tagWithId(html, 'username')).toContain('name="username"')
    expect(tagWithId(html, 'password')).toContain('name="password"')
  })

  it('R7 masks the password and works with paste and password managers', () => {
    const html = signInPage(site, {})
    expect(tagWithId(html, 'password')).toContain('type="password"')
    expect(tagWithId(html, 'password')).toContain('autocomplete="current-password"')
    expect(tagWithId(html, 'username')).toContain('autocomplete="username webauthn"')
    expect(html).not.toMatch(/onpaste|maxlength|autocomplete="off"/)
  })

  it('leaves the user name as it is typed', () => {
    const username = tagWithId(signInPage(site, {}), 'username')
    expect(username).toContain('autocapitalize="none"')
    expect(username).toContain('spellcheck="false"')
  })

  it('labels both fields', () => {
    const html = signInPage(site, {})
    expect(html).toContain('<label for="username">')
    expect(html).toContain('<label for="password">')
  })

  it('says where a sign-in for another app leads', () => {
    const html = signInPage(site, { returnTo: 'https://shop.example/dashboard' })
    expect(html).toContain('to continue to <strong>shop.example</strong>')
  })
})

describe('the sign-in page after a wrong password', () => {
  const html = signInPage(site, { username: 'ada', error: wrong })

  it('says so in the title, in an alert and at the fields', () => {
    expect(html).toContain('<title>Error: Sign in · Latchkey</title>')
    expect(tagWithId(html, 'problem')).toContain('role="alert"')
    expect(html).toContain(wrong)
    expect(tagWithId(html, 'password')).toContain('aria-describedby="problem"')
  })

  it('keeps the user name, never the password, and focuses the password', () => {
    expect(tagWithId(html, 'username')).toContain('value="ada"')
    expect(tagWithId(html, 'password')).not.toContain('value')
    expect(tagWithId(html, 'password')).toContain('autofocus')
  })
})

describe('the sign-in page after a field was left empty', () => {
  const html = signInPage(site, { username: 'ada', fields: { password: 'Enter it.' } })

  it('ties the message to its field, and to that one only', () => {
    expect(tagWithId(html, 'password')).toContain('aria-describedby="password-error"')
    expect(tagWithId(html, 'password')).toContain('aria-invalid="true"')
    expect(tagWithId(html, 'username')).not.toContain('aria-')
  })

  it('says it once, without a summary', () => {
    expect(html.match(/Enter it\./g)).toHaveLength(1)
    expect(tagWithId(html, 'problem')).toBe('')
  })
})

describe('the sign-in page with a notice', () => {
  it('starts at the notice, not inside the form', () => {
    const html = signInPage(site, { notice: 'You are signed out.' })
    expect(html).toContain('role="status"')
    expect(html).toContain('<p>You are signed out.</p>')
    expect(html).not.toContain('autofocus')
  })
})
