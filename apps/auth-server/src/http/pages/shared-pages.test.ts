import { describe, expect, it } from '@jest/globals'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { noticeText } from './notices.ts'
import { renderLinkAction, renderMessage } from './render-page.ts'

describe('the page that a link in an e-mail opens', () => {
  const page = (text: string) =>
    renderLinkAction(site, {
      title: text,
      lead: text,
      text,
      path: '/confirm_account',
      token: text,
      button: text,
      fine: text,
    })

  it('R40 escapes every value', () => {
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('posts the token with one button, with or without scripts', () => {
    const html = page('calm')
    expect(html).toContain('method="post" action="/auth/confirm_account"')
    expect(html).toContain('<input type="hidden" name="token" value="calm">')
    expect(html.match(/<button/g)).toHaveLength(1)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).toContain('<script src="/auth/wait.js" defer></script>')
  })
})

describe('a message page', () => {
  const page = (text: string) =>
    renderMessage(site, {
      title: text,
      lead: text,
      text,
      action: { label: text, href: `/auth/${text}` },
      contact: true,
    })

  it('R40 escapes every value', () => {
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('shows the contact link if asked to', () => {
    expect(page('calm')).toContain(`href="${site.contactUrl}"`)
  })
})

describe('the notice named in a URL', () => {
  const said = { ...site, notices: { confirmed: 'Your account is confirmed.' } }

  it('is a known notice or nothing: a stranger’s text is never shown', () => {
    expect(noticeText(said, 'confirmed')).toContain('confirmed')
    for (const name of [hostile, 'constructor', '__proto__', '', undefined, ['confirmed'], {}])
      expect(noticeText(said, name)).toBe('')
  })
})
