import { Router, type Request, type Response } from 'express'
import { acceptBody, prefersHtml, Problem, validate } from 'service-kit'
import { z } from 'zod'
import { shopPaths } from '../pages/shop-paths.ts'

declare module 'express-session' {
  interface SessionData {
    /** Names of what the visitor chose; auth-server carries it over when the visitor signs in. */
    cart?: string[]
  }
}

const MOST_ITEMS = 100

const newItem = z.object({ item: z.string().trim().min(1).max(100) })

/** A cart kept in the session, of a visitor as well as of a user. */
export function cartRoutes(): Router {
  const router = Router()
  router.get(shopPaths.cart, (req, res) => res.json({ items: cartOf(req) }))
  router.post(shopPaths.cart, acceptBody({ form: true }), (req: Request, res: Response) => {
    const { item } = validate(newItem, req.body)
    if (cartOf(req).length >= MOST_ITEMS) throw cartFull()
    req.session.cart = [...cartOf(req), item]
    if (prefersHtml(req)) res.redirect(303, shopPaths.home)
    else res.json({ items: req.session.cart })
  })
  return router
}

function cartOf(req: Request): string[] {
  return req.session.cart ?? []
}

function cartFull(): Problem {
  return new Problem({
    status: 409,
    code: 'cart_full',
    detail: `The cart is full: it holds at most ${MOST_ITEMS} items.`,
  })
}
