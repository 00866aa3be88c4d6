import { renderShopPage, type Shop } from './render-shop-page.ts'
import { toolsOnSale } from './tools-on-sale.ts'

/** What is for sale; anyone may look. */
export function homePage(
  shop: Shop,
  { user }: { user?: { username: string } | undefined },
): string {
  return renderShopPage(shop, {
    template: 'home.page.eta',
    title: 'Hand tools',
    username: user?.username ?? '',
    data: { tools: toolsOnSale },
  })
}
