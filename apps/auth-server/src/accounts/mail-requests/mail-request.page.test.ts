import { describe, expect, it } from '@jest/globals'
import { hostile, site, tagWithId, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { mailRequestPage } from './mail-request.page.ts'

describe('the page that asks for an address', () => {
  it('R40 escapes every value', () => {
    const page = (text: string) =>
      mailRequestPage(site, {
        title: text,
        lead: text,
        path: '/forgot_password',
        button: text,
        email: text,
        fields: { email: text },
      })
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('links an error to its field', () => {
    const words = { title: 'A', lead: 'B', button: 'C', path: '/forgot_password' }
    const html = mailRequestPage(site, { ...words, fields: { email: 'Not right.' } })
    expect(html).toContain('<title>Error: ')
    expect(tagWithId(html, 'email')).toContain('aria-describedby="email-error"')
    expect(tagWithId(html, 'email')).toContain('aria-invalid="true"')
  })
})
