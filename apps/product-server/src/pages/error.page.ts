import { renderShopPage, type Shop } from './render-shop-page.ts'

type ShopError = { status: number; title: string; detail: string; username?: string | undefined }

/** The shop's error page: status and message in words, and a way on. */
export function errorPage(shop: Shop, { status, title, detail, username = '' }: ShopError): string {
  return renderShopPage(shop, {
    template: 'error.page.eta',
    title: `Error: ${title}`,
    username,
    data: { status, title, detail },
  })
}
