import { loggedIn } from 'auth-kit/logged-in'
import { limitPerToken, requireAccessToken } from 'auth-kit/tokens'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { acceptBody, prefersHtml, Problem, type Logger } from 'service-kit'
import type { Config } from '../config.ts'
import { shopPaths } from '../pages/shop-paths.ts'
import { listOrders } from './list-orders.ts'
import { placeOrder, type OrderStore } from './place-order.ts'

type OrderApiDeps = OrderStore & { config: Config; logger: Logger }

/** For browsers, authenticated by their session: turns the cart into an order. */
export function orderRoutes(store: OrderStore): Router {
  const router = Router()
  const form = acceptBody({ form: true })
  router.post(shopPaths.orders, loggedIn(), form, orderCart(store))
  return router
}

function orderCart(store: OrderStore): RequestHandler {
  return async function orderCart(req: Request, res: Response) {
    const { user, session } = req
    const items = session.cart ?? []
    if (!user || items.length === 0) throw cartEmpty()
    const order = await placeOrder(store, { userId: user.id, items, now: new Date() })
    session.cart = []
    if (prefersHtml(req)) res.redirect(303, shopPaths.dashboard)
    else res.status(201).json(order)
  }
}

/** For programs, authenticated by an access token: lists the orders of the token's user. */
export function orderApiRoutes(deps: OrderApiDeps): Router {
  const { config, redis, keyPrefix } = deps
  const limit = limitPerToken({
    redis,
    limit: config.limitApiPerToken,
    windowSeconds: 60,
    prefix: `${keyPrefix}limit:token:`,
    passErrors: true,
  })
  const router = Router()
  router.get(shopPaths.ordersApi, mayRead(deps), limit, showOrders({ redis, keyPrefix }))
  return router
}

function showOrders(store: OrderStore): RequestHandler {
  return async function showOrders(req: Request, res: Response) {
    res.json({ orders: await listOrders(store, req.auth.sub) })
  }
}

function mayRead({ config, logger }: OrderApiDeps): RequestHandler {
  return requireAccessToken({
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    jwks: config.tokenJwksUrl,
    scope: 'orders:read',
    passErrors: true,
    onClockSkew: (seconds) => logger.warn({ seconds }, "The auth server's clock is ahead."),
  })
}

function cartEmpty(): Problem {
  return new Problem({ status: 409, code: 'cart_empty', detail: 'Your cart is empty.' })
}
