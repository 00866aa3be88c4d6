import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { shopPaths } from './shop-paths.ts'

/** The shop's name and the addresses of the sign-in it relies on. */
export type Shop = { name: string; signInUrl: string; signOutUrl: string; accountUrl: string }

type ShopPage = {
  /** The template's file, beside this one: `home.page.eta`. */
  template: string
  title: string
  /** Who is signed in; empty for a visitor, and where nobody can tell. */
  username?: string
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('.', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** A whole HTML document of the shop, every value escaped. */
export function renderShopPage(shop: Shop, page: ShopPage): string {
  const { template, title, username = '', data } = page
  const fullTitle = `${title} · ${shop.name}`
  return eta.render(`/${template}`, { ...data, shop, username, fullTitle, paths: shopPaths })
}
