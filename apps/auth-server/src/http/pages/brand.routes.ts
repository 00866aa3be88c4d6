import { type Response, Router } from 'express'
import type { Config } from '../../config/config.ts'
import { paths } from '../paths.ts'

/** What a page is styled with if nothing is configured: `public/style.css` says the same. */
export const LATCHKEY_COLOR = '#0e5c4a'

type Deps = { config: Pick<Config, 'brand' | 'siteName'> }

/** The icon, colours and logo of the site, if they are not Latchkey's own. */
export function brandRoutes({ config }: Deps): Router {
  const { brand, siteName } = config
  const { color, logo } = brand
  const router = Router()
  router.get(paths.icon, (_req, res, next) => {
    if (!hasOwnIcon(config)) return next()
    return send(res, 'image/svg+xml', drawIcon(siteName, color?.light ?? LATCHKEY_COLOR))
  })
  router.get(paths.theme, (_req, res, next) => {
    if (!color) return next()
    const brand = `light-dark(${color.light}, ${color.dark})`
    const rules = `--brand: ${brand}; --on-brand: light-dark(#fff, #111);`
    return send(res, 'text/css', `:root { ${rules} }\n`)
  })
  router.get(paths.logo, (_req, res, next) => {
    if (!logo) return next()
    return send(res, logo.type, logo.content)
  })
  return router
}

/** Another site shows nothing of Latchkey's lock. */
function hasOwnIcon({ brand, siteName }: Deps['config']): boolean {
  return siteName !== 'Latchkey' || brand.color !== undefined || brand.logo !== undefined
}

// Asked for again with its ETag, so that a change shows at once.
function send(res: Response, type: string, content: string | Buffer): void {
  res.set('Cache-Control', 'no-cache').type(type).send(content)
}

/** The first letter of the name, on the site's colour. */
function drawIcon(siteName: string, color: string): string {
  const letter = Array.from(siteName.trim())[0]?.toUpperCase() ?? ''
  const escaped = letter.replace(/[<>&]/, (sign) => `&#${sign.codePointAt(0)};`)
  const font = `font-family="system-ui, sans-serif" font-size="36" font-weight="600"`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="${color}"/><text x="32" y="45" fill="#fff" text-anchor="middle" ${font}>${escaped}</text></svg>\n`
}
