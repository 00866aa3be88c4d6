import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { shopPaths } from './shop-paths.ts'

/** The shop's name and the auth server's URLs. */
export type Shop = { name: string; signInUrl: string; signOutUrl: string; accountUrl: string }

type ShopPage = {
  /** The template file in this folder, such as `home.page.eta`. */
  template: string
  title: string
  /** The signed-in user. Empty for a visitor, or if it is unknown. */
  username?: string
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('.', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** Renders a complete HTML page of the shop. Escapes every value. */
export function renderShopPage(shop: Shop, page: ShopPage): string {
  const { template, title, username = '', data } = page
  const fullTitle = `${title} · ${shop.name}`
  return eta.render(`/${template}`, { ...data, shop, username, fullTitle, paths: shopPaths })
}
