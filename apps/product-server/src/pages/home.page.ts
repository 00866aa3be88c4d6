import { renderShopPage, type Shop } from './render-shop-page.ts'
import { toolsOnSale } from './tools-on-sale.ts'

type Home = { user?: { username: string } | undefined; cart?: string[] }

/** What is for sale, and how much of it is in the cart; anyone may look. */
export function homePage(shop: Shop, { user, cart = [] }: Home): string {
  return renderShopPage(shop, {
    template: 'home.page.eta',
    title: 'Hand tools',
    username: user?.username ?? '',
    data: { tools: toolsOnSale, inCart: cart.length },
  })
}
