import { fileURLToPath } from 'node:url'
import { authKit } from 'auth-kit'
import type { RedisClient } from 'auth-kit/session'
import type { SessionData } from 'express-session'
import express, { type Express, type RequestHandler } from 'express'
import {
  answerErrors,
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
  /** In front of every key in Redis. */
  keyPrefix: string
  logger: Logger
  metrics: Metrics
}

/**
 * A shop that knows its visitors by the session that auth-server made: from Redis, and nothing
 * else.
 */
export function buildApp({ config, redis, keyPrefix, logger, metrics }: AppDeps): Express {
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
  app.use(
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
  app.get(files, express.static(fileURLToPath(new URL('../public', import.meta.url))))
  app.use(noStore, checkOrigin({ ownOrigin: publicUrl.origin, allowedOrigins: [] }))

  app.get(shopPaths.home, whoIsThere(auth), (req, res) => {
    // Without Redis there is no session.
    const session: Partial<SessionData> | undefined = req.session
    res.type('html').send(homePage(shop, { user: req.user, cart: session?.cart ?? [] }))
  })

  // A program has no session: none is looked for.
  app.use(orderApiRoutes({ config, logger, redis, keyPrefix }))

  app.use(auth)
  app.use(cartRoutes())
  app.use(orderRoutes({ redis, keyPrefix }))
  app.get('/me', auth.loggedIn(), (req, res) => res.json({ user: req.user }))
  app.get('/admin-only', auth.loggedIn(), auth.hasRole('admin'), (_req, res) =>
    res.json({ ok: true }),
  )
  app.get(shopPaths.dashboard, auth.loggedIn(), (req, res) => {
    const { user, session } = req
    if (user) res.type('html').send(dashboardPage(shop, { user, cart: session.cart ?? [] }))
  })

  app.use(notFound())
  app.use(
    answerErrors({
      logger,
      page: (error, req) => errorPage(shop, { ...error, username: req.user?.username }),
    }),
  )
  return app
}

/** For a public page: a name in the corner where Redis knows it; without Redis the same page. */
function whoIsThere(auth: RequestHandler): RequestHandler {
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
