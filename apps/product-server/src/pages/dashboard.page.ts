import { renderShopPage, type Shop } from './render-shop-page.ts'

type Dashboard = { user: { username: string; email: string; roles: string[] }; cart: string[] }

/** Greets the signed-in user and shows the cart, the same items counted together. */
export function dashboardPage(shop: Shop, { user, cart }: Dashboard): string {
  const { username, email, roles } = user
  return renderShopPage(shop, {
    template: 'dashboard.page.eta',
    title: 'Dashboard',
    username,
    data: { email, roles, items: [...countItems(cart)] },
  })
}

function countItems(cart: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of cart) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
