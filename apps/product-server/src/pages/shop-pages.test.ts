import { describe, expect, it } from '@jest/globals'
import { dashboardPage } from './dashboard.page.ts'
import { errorPage } from './error.page.ts'
import { homePage } from './home.page.ts'
import type { Shop } from './render-shop-page.ts'
import { toolsOnSale } from './tools-on-sale.ts'

const shop: Shop = {
  name: 'Hand tools',
  signInUrl: 'https://auth.example/login',
  signOutUrl: 'https://auth.example/logout',
  accountUrl: 'https://auth.example/account',
}
const ada = { username: 'ada', email: 'ada@example.com', roles: ['admin'] }
const hostile = `"><script>alert('x')</script>&`
const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;'

describe('a shop page', () => {
  it.each([
    ['home', (text: string) => homePage(shop, { user: { username: text } })],
    [
      'dashboard',
      (text: string) =>
        dashboardPage(shop, { user: { username: text, email: text, roles: [text] }, cart: [text] }),
    ],
    ['error', (text: string) => errorPage(shop, { status: 400, title: text, detail: text })],
  ])('R40 escapes all values: %s', (_name, page) => {
    expect(page(hostile).replaceAll(escaped, 'calm')).toBe(page('calm'))
  })

  it('R36 has no inline script or style', () => {
    expect(homePage(shop, {})).not.toMatch(/<script|<style|style=|\son[a-z]+=/)
  })
})

describe('the home page', () => {
  it('has a form for each tool, with a button named after it', () => {
    const html = homePage(shop, {})
    for (const { name } of toolsOnSale) {
      expect(html).toContain(`<input type="hidden" name="item" value="${name}">`)
      expect(html).toContain(`Add to cart<span class="unseen">: ${name}</span>`)
    }
    expect(html.match(/<form method="post" action="\/cart">/g)).toHaveLength(toolsOnSale.length)
  })

  it('links a visitor to the sign-in page and a user to the account page', () => {
    expect(homePage(shop, {})).toContain('href="https://auth.example/login">Sign in')
    const html = homePage(shop, { user: ada })
    expect(html).toContain('href="https://auth.example/account">Account: ada')
    expect(html).not.toContain('https://auth.example/login')
  })

  it('shows how many tools are in the cart', () => {
    expect(homePage(shop, { cart: ['Try square', 'Try square'] })).toContain('In your cart: 2')
    expect(homePage(shop, {})).not.toContain('In your cart')
  })
})

describe('the dashboard', () => {
  it('greets the user and links to account and sign-out on the auth server', () => {
    const html = dashboardPage(shop, { user: ada, cart: [] })
    expect(html).toContain('<h1>Good to see you, ada</h1>')
    expect(html).toContain('href="https://auth.example/account"')
    expect(html).toContain('href="https://auth.example/logout">Sign out')
    expect(html).toContain('Nothing in it yet')
  })

  it('has a form to place the order unless the cart is empty', () => {
    const form = '<form method="post" action="/orders">'
    expect(dashboardPage(shop, { user: ada, cart: ['Try square'] })).toContain(form)
    expect(dashboardPage(shop, { user: ada, cart: [] })).not.toContain(form)
  })

  it('lists an item once, with its quantity', () => {
    const html = dashboardPage(shop, {
      user: ada,
      cart: ['Try square', 'Block plane', 'Try square'],
    })
    expect(html.match(/<li><span>Try square/g)).toHaveLength(1)
    expect(html).toMatch(/Try square<\/span>.*2<\/span>/)
  })
})

describe("the shop's error page", () => {
  it('starts its title with "Error", and shows status and message', () => {
    const html = errorPage(shop, { status: 403, title: 'Not allowed', detail: 'For admins only.' })
    expect(html).toContain('<title>Error: Not allowed · Hand tools</title>')
    expect(html).toContain('Error 403')
    expect(html).toContain('For admins only.')
  })
})
