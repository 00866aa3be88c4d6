import { describe, expect, it } from '@jest/globals'
import { mailKinds } from 'mail-contract'
import { confirmUrl, mailOf, notMeUrl } from './mail.fixture.ts'
import { renderMail } from './render-mail.ts'

const kindsWithLink = ['confirm', 'reset', 'has_account', 'invite', 'email_change'] as const
const notices = ['password_changed', 'email_changed', 'token_reuse', 'new_device'] as const

describe.each(mailKinds)('an e-mail of kind %s', (kind) => {
  const { subject, html, text } = renderMail(mailOf(kind))

  it('names the site in the subject', () => {
    expect(subject).toContain('Latchkey')
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject.length).toBeLessThan(70)
  })

  it('says to whom it was sent', () => {
    expect(html).toContain('ada@example.com')
    expect(text).toContain('ada@example.com')
  })

  it('offers "this was not me", in HTML and text', () => {
    expect(html).toContain(`href="${notMeUrl}"`)
    expect(text).toContain(notMeUrl)
  })

  it('is complete without images and loads nothing from the network', () => {
    expect(html).not.toMatch(/<img|<script|<link|url\(|@import|src=/i)
  })

  it('supports dark mode', () => {
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
  })

  it('starts with a preheader', () => {
    const body = html.slice(html.indexOf('<body'))
    expect(body.indexOf('display:none')).toBeLessThan(body.indexOf('<table'))
  })

  it('leaves no gap if a value is missing', () => {
    const bare = renderMail(mailOf(kind, { data: { username: undefined, device: undefined } }))
    expect(bare.html + bare.text).not.toMatch(/undefined|null|\[object/)
  })
})

describe.each(kindsWithLink)('an e-mail with a link, of kind %s,', (kind) => {
  const { html, text } = renderMail(mailOf(kind))

  it('has one button, and shows its link as text as well', () => {
    expect(html.match(/class="on-action"/g)).toHaveLength(1)
    expect(html).toContain(`>${confirmUrl}</a>`)
    expect(text.split('\n')).toContain(confirmUrl)
  })

  it('says until when the link works', () => {
    expect(text).toContain('until 5 January 2096 at 03:04 UTC')
  })
})

describe.each(notices)('a notice of kind %s', (kind) => {
  it('says when, from which address and with which device it was done', () => {
    const { html, text } = renderMail(mailOf(kind))
    for (const fact of ['2 January 2026 at 03:04 UTC', '2001:db8::1', 'Firefox on Linux']) {
      expect(html).toContain(fact)
      expect(text).toContain(fact)
    }
  })

  it('names the account', () => {
    expect(renderMail(mailOf(kind)).text).toContain('the account “ada”')
  })
})

describe('the notice that an earlier address took the account back', () => {
  const data = { change: 'given_back', newEmail: 'ada@old.example', notMeUrl: undefined }
  const { text } = renderMail(mailOf('email_changed', { data }))

  it('says so, and names the address that the account has now', () => {
    expect(text).toContain('the account has its earlier address again')
    expect(text).toContain('ada@old.example')
    expect(text).not.toContain('Once the new address is confirmed')
  })

  it('has no link', () => {
    expect(text).not.toContain('not-me')
  })
})

describe('text from users (R40)', () => {
  const evil = `<img src=x onerror=alert(1)>"'&`

  it.each(['username', 'siteName'])('is text, never markup: %s', (field) => {
    const { html } = renderMail(mailOf('confirm', { data: { [field]: evil } }))
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;')
  })

  it('is text, never markup: the device', () => {
    expect(renderMail(mailOf('new_device', { data: { device: evil } })).html).not.toContain('<img')
  })

  it('stays inside the link’s attribute', () => {
    const url = 'https://login.example.com/a?b="><script>alert(1)</script>'
    const link = { url, expiresAt: '2026-01-05T03:04:05.000Z' }
    expect(renderMail(mailOf('reset', { data: { link } })).html).not.toContain('<script>')
  })

  it('is not escaped in the text part', () => {
    expect(renderMail(mailOf('confirm', { data: { username: `o'hara` } })).text).toContain(
      "“o'hara”",
    )
  })
})

describe('an e-mail of a site with a brand of its own', () => {
  const color = { light: '#1d4ed8', dark: '#8fb0ff' }
  const content = Buffer.from('picture')

  it('has its colours, for light and dark', () => {
    const { html } = renderMail(mailOf('reset'), { color })
    expect(html).toContain('background-color:#1d4ed8')
    expect(html).toContain('.link { color: #8fb0ff !important; }')
    expect(html).not.toContain('#0e5c4a')
  })

  it('carries its logo, named for readers who see no pictures', () => {
    const { html, attachments } = renderMail(mailOf('reset'), {
      logo: { type: 'image/png', content },
    })
    expect(html).toContain('<img src="cid:logo" alt="Latchkey"')
    expect(attachments).toEqual([
      {
        filename: 'logo.png',
        content,
        contentType: 'image/png',
        contentDisposition: 'inline',
        cid: 'logo',
      },
    ])
  })

  it('shows the name if mailboxes cannot show the logo', () => {
    const mail = renderMail(mailOf('reset'), { logo: { type: 'image/svg+xml', content } })
    expect(mail.attachments).toBeUndefined()
    expect(mail.html).not.toContain('<img')
    expect(mail.html).toContain('>Latchkey</td>')
  })
})
