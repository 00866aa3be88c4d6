import { describe, expect, it } from '@jest/globals'
import { hostile, site, tagWithId, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { createProofChallenge } from '../reservations/proof-of-work.ts'
import { confirmAccountPage } from './confirm-account.page.ts'
import { signUpPage } from './sign-up.page.ts'

const empty = { invite: 'token', minLength: 15 }

describe('the sign-up page', () => {
  it.each(['invite', 'email', 'username', 'error'])('R40 escapes %s', (field) => {
    const page = (text: string) => signUpPage(site, { ...empty, [field]: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it.each(['email', 'username', 'password'])('R40 escapes the message of %s', (field) => {
    const page = (text: string) => signUpPage(site, { ...empty, fields: { [field]: text } })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('posts the invite, address, name and password, and needs no script', () => {
    const html = signUpPage(site, empty)
    expect(html).toContain('<form method="post" action="/auth/signup"')
    expect(tagWithId(html, 'invite')).toContain(
      'type="hidden" id="invite" name="invite" value="token"',
    )
    for (const name of ['email', 'username', 'password']) {
      expect(tagWithId(html, name)).toContain(`name="${name}"`)
      expect(html).toContain(`<label for="${name}">`)
    }
  })

  it('R7 masks the password, works with password managers, and says what makes a good one', () => {
    const html = signUpPage(site, empty)
    expect(tagWithId(html, 'password')).toContain('type="password"')
    expect(tagWithId(html, 'password')).toContain('autocomplete="new-password"')
    expect(html).toContain('a few words together are easy to remember')
    expect(html).toContain('15 characters')
  })

  it('shows each error at its field, and keeps every value except the password', () => {
    const fields = { username: 'Choose another.', password: 'Too short.' }
    const html = signUpPage(site, { ...empty, email: 'ada@mail.test', username: 'ada', fields })
    expect(html).toContain('<title>Error: Create your account')
    expect(html).toContain('<a href="#username">Choose another.</a>')
    expect(tagWithId(html, 'username')).toContain('value="ada"')
    expect(tagWithId(html, 'username')).toContain('aria-invalid="true"')
    expect(tagWithId(html, 'username')).toContain('username-error')
    expect(tagWithId(html, 'email')).toContain('value="ada@mail.test"')
    expect(tagWithId(html, 'email')).not.toContain('aria-invalid')
    expect(tagWithId(html, 'password')).not.toContain('value')
  })

  it.each(['email', 'username', 'error'])('R40 escapes %s without an invite', (field) => {
    const page = (text: string) => signUpPage(site, { ...empty, invite: '', [field]: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('names the domains that need no invite', () => {
    const html = signUpPage(site, { ...empty, invite: '', domains: ['a.example', 'b.example'] })
    expect(html).toContain('Use an e-mail address at a.example or b.example.')
    expect(html).not.toContain('You are invited')
  })

  it('has a task and the script that solves it only if one is due', async () => {
    const challenge = await createProofChallenge({ config: { mailSecrets: ['a secret'] } })
    const html = signUpPage(site, { ...empty, invite: '', challenge })
    const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, path]) => path)
    expect(tagWithId(html, 'altcha')).toContain('&quot;signature&quot;')
    expect(scripts.slice(0, 2)).toEqual(['/auth/proof.js', '/auth/wait.js'])
    expect(signUpPage(site, { ...empty, invite: '' })).not.toContain('proof.js')
  })
})

describe('the page that confirms a sign-up without an invite', () => {
  it.each(['token', 'username', 'error'])('R40 escapes %s', (field) => {
    const form = { token: 'token', username: 'ada' }
    const page = (text: string) => confirmAccountPage(site, { ...form, [field]: text })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })
})
