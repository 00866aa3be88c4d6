import { renderShopPage, type Shop } from './render-shop-page.ts'

/** The shop's error page: status and message in words, and a way on. */
export function errorPage(
  shop: Shop,
  { status, title, detail }: { status: number; title: string; detail: string },
): string {
  return renderShopPage(shop, {
    template: 'error.page.eta',
    title: `Error: ${title}`,
    data: { status, title, detail },
  })
}
