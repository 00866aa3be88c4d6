import { fileURLToPath } from 'node:url'
import { authKit, type AuthKit } from 'auth-kit'
import type { RedisClient } from 'auth-kit/session'
import type { SessionData } from 'express-session'
import express, { type Express, type RequestHandler, Router } from 'express'
import {
  answerErrors,
  checkMethod,
  checkOrigin,
  healthRoutes,
  isDraining,
  logRequests,
  measureSessionCache,
  noStore,
  notFound,
  securityHeaders,
  type Logger,
  type Metrics,
} from 'service-kit'
import { cartRoutes } from './cart/cart.routes.ts'
import type { Config } from './config.ts'
import { orderApiRoutes, orderRoutes } from './orders/orders.routes.ts'
import { dashboardPage } from './pages/dashboard.page.ts'
import { errorPage } from './pages/error.page.ts'
import { homePage } from './pages/home.page.ts'
import type { Shop } from './pages/render-shop-page.ts'
import { shopPaths } from './pages/shop-paths.ts'

export type AppDeps = {
  config: Config
  redis: RedisClient
  /** Prefix of every key in Redis. */
  keyPrefix: string
  logger: Logger
  metrics: Metrics
}

/**
 * A shop that recognizes users by the session that the auth server created. It reads it from Redis
 * and needs nothing else.
 */
export function buildApp(deps: AppDeps): Express {
  const { config, redis, keyPrefix, logger, metrics } = deps
  const { publicUrl, authUrl, cookieDomain } = config
  const shop = shopOf(config)
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  const auth = authKit({
    redis,
    publicUrl,
    cookieDomain,
    cookieName: config.cookieName,
    authUrl: authUrl.href,
    passErrors: true,
    idleDays: config.sessionIdleDays,
    absoluteDays: config.sessionAbsoluteDays,
    visitorHours: config.visitorHours,
    secrets: config.sessionSecrets,
    prefix: `${keyPrefix}sess:`,
    cache: config.sessionCache,
    onCacheOff: (reason) => logger.warn({ reason }, 'Sessions are not kept in memory.'),
  })
  measureSessionCache(metrics.registry, () => auth.store.cacheStats())

  app.use(logRequests(logger), metrics.measureRequests)
  app.use(securityHeaders({ https: publicUrl.protocol === 'https:' }))
  const router = shopRoutes(deps, { auth, shop })
  app.use(checkMethod(router), router)
  app.use(notFound())
  app.use(
    answerErrors({
      logger,
      page: (error, req) => errorPage(shop, { ...error, username: req.user?.username }),
    }),
  )
  return app
}

type Parts = { auth: AuthKit; shop: Shop }

/** The shop's routes, in order. */
function shopRoutes(deps: AppDeps, { auth, shop }: Parts): Router {
  const { config, redis, metrics } = deps
  const router = Router()
  router.use(
    healthRoutes({
      metrics,
      isDraining,
      metricsToken: config.metricsToken,
      metricsPort: config.metricsPort,
      tokenOnly: config.metricsTokenOnly,
      describe: auth.describe,
      checks: { redis: () => redis.ping() },
    }),
  )
  const files = [shopPaths.style, shopPaths.icon]
  router.get(files, express.static(fileURLToPath(new URL('../public', import.meta.url))))
  router.use(noStore, checkOrigin({ ownOrigin: config.publicUrl.origin, allowedOrigins: [] }))

  router.get(shopPaths.home, userIfKnown(auth), (req, res) => {
    // While Redis is down, there is no session.
    const session: Partial<SessionData> | undefined = req.session
    res.type('html').send(homePage(shop, { user: req.user, cart: session?.cart ?? [] }))
  })

  // Before the kit: programs have no session to look up.
  router.use(orderApiRoutes(deps))

  router.use(auth)
  router.use(cartRoutes())
  router.use(orderRoutes(deps))
  router.get('/me', auth.loggedIn(), (req, res) => res.json({ user: req.user }))
  router.get('/admin-only', auth.loggedIn(), auth.hasRole('admin'), (_req, res) =>
    res.json({ ok: true }),
  )
  router.get(shopPaths.dashboard, auth.loggedIn(), (req, res) => {
    const { user, session } = req
    if (user) res.type('html').send(dashboardPage(shop, { user, cart: session.cart ?? [] }))
  })
  return router
}

/** For a public page: loads the user if possible and ignores errors, so it works without Redis. */
function userIfKnown(auth: RequestHandler): RequestHandler {
  return (req, res, next) => auth(req, res, () => next())
}

function shopOf({ authUrl }: Config): Shop {
  return {
    name: 'Tenon',
    signInUrl: new URL('login', authUrl).href,
    signOutUrl: new URL('logout', authUrl).href,
    accountUrl: new URL('account', authUrl).href,
  }
}
