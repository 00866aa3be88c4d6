import { fileURLToPath } from 'node:url'
import { authKit } from 'auth-kit'
import cors from 'cors'
import express, { Router, type Express, type RequestHandler } from 'express'
import passport from 'passport'
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
  type Metrics,
} from 'service-kit'
import { auditRefusedRequests } from './audit/audit-refused-requests.ts'
import { accountNotices } from './accounts/settings/account.notices.ts'
import { adminNotices } from './admin/admin.notices.ts'
import { confirmationNotices } from './accounts/sign-up/confirmation.notices.ts'
import { passwordResetNotices } from './accounts/recovery/password-reset.notices.ts'
import { sessionNotices } from './sessions/sessions.notices.ts'
import { securityRoutes } from './accounts/settings/security/security.routes.ts'
import { accountRoutes } from './accounts/settings/account.routes.ts'
import { activityRoutes } from './accounts/settings/activity.routes.ts'
import { sayCannotDelete } from './accounts/settings/delete-own-account.ts'
import { changePasswordUrlRoutes } from './accounts/settings/change-password-url.routes.ts'
import { changeAccountRoutes } from './accounts/settings/change-account.routes.ts'
import { adminAddressRoutes } from './admin/system/admin-addresses.routes.ts'
import { adminAuditRoutes } from './admin/system/admin-audit.routes.ts'
import { adminClientRoutes } from './admin/clients/admin-client.routes.ts'
import { adminClientsRoutes } from './admin/clients/admin-clients.routes.ts'
import { adminMailRoutes } from './admin/system/admin-mails.routes.ts'
import { adminInviteRoutes } from './admin/invitations/admin-invites.routes.ts'
import { adminOverviewRoutes } from './admin/system/admin-overview.routes.ts'
import { guardAdminRoutes } from './admin/machines/guard-admin-routes.ts'
import { adminUserRoutes } from './admin/users/admin-users.routes.ts'
import { rotateClientRoutes } from './admin/clients/rotate-client.routes.ts'
import { clientOfReturn } from './oauth/authorize/client-of-return.ts'
import { clientCors, publicCors } from './oauth/client-cors.ts'
import { postedAsGet } from './oauth/posted-as-get.ts'
import { logoutRoutes } from './oauth/logout/logout.routes.ts'
import { userinfoRoutes } from './oauth/openid/userinfo.routes.ts'
import { authorizeRoutes } from './oauth/authorize/authorize.routes.ts'
import { jwksRoutes } from './oauth/discovery/jwks.routes.ts'
import { createKeyring } from './oauth/clients/keyring.ts'
import { metadataRoutes } from './oauth/discovery/metadata.routes.ts'
import type { Config } from './config/config.ts'
import { confirmationRoutes } from './accounts/sign-up/confirmation.routes.ts'
import { sendDeviceCookie } from './sign-in/devices/device-cookie.ts'
import { brandRoutes, LATCHKEY_COLOR } from './http/pages/brand.routes.ts'
import { errorPage } from './http/pages/error.page.ts'
import { pageScripts, type Site } from './http/pages/render-page.ts'
import { invitationRoutes } from './accounts/invitations/invitation.routes.ts'
import { mailRequestRoutes } from './accounts/mail-requests/mail-request.routes.ts'
import { openApiRoutes } from './openapi/openapi.routes.ts'
import { notMeRoutes } from './accounts/recovery/not-me.routes.ts'
import { passwordResetRoutes } from './accounts/recovery/password-reset.routes.ts'
import { paths } from './http/paths.ts'
import type { AdminDeps } from './admin/admin-deps.ts'
import { sessionRoutes } from './sessions/session.routes.ts'
import { passkeyRoutes } from './sign-in/passkeys/passkey.routes.ts'
import { secondFactorRoutes } from './sign-in/second-factor/second-factor.routes.ts'
import { signInRoutes } from './sign-in/sign-in.routes.ts'
import { signOutRoutes } from './sessions/sign-out.routes.ts'
import { signUpRoutes } from './accounts/sign-up/sign-up.routes.ts'
import { clientSignInRoutes } from './oauth/tokens/client-sign-in.routes.ts'
import { sessionTokenRoutes } from './oauth/tokens/session-token.routes.ts'
import { tokenRoutes } from './oauth/tokens/token.routes.ts'

/** What the app is built from. It creates the other dependencies of its routes itself. */
export type AppDeps = Omit<AdminDeps, 'site' | 'keyring' | 'store' | 'passport'> & {
  metrics: Metrics
}

/** The whole app, with its routers in order. */
export function buildApp(deps: AppDeps): Express {
  const { config, redis, keyPrefix, logger, checks, metrics } = deps
  const site = siteOf(config)
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  app.use(logRequests(logger), metrics.measureRequests)
  app.use(securityHeaders({ https: config.publicUrl.protocol === 'https:' }))

  const authenticator = new passport.Passport()
  const auth = authKit({
    redis,
    passport: authenticator,
    passErrors: true,
    authUrl: config.basePath,
    publicUrl: config.publicUrl,
    cookieDomain: config.cookieDomain,
    cookieName: config.cookieName,
    secrets: config.sessionSecrets,
    prefix: `${keyPrefix}sess:`,
    idleDays: config.sessionIdleDays,
    absoluteDays: config.sessionAbsoluteDays,
    visitorHours: config.visitorHours,
    keepOnSignIn: config.keepOnSignIn,
    cache: config.sessionCache,
    onCacheOff: (reason) => logger.warn({ reason }, 'Sessions are not kept in memory.'),
  })
  measureSessionCache(metrics.registry, () => auth.store.cacheStats())
  const keyring = createKeyring(config.keyEncryptionKeys)
  const routeDeps = { ...deps, site, keyring, store: auth.store, passport: authenticator }

  const router = Router()
  const { metricsToken, metricsPort, metricsTokenOnly: tokenOnly } = config
  const { describe } = auth
  router.use(
    healthRoutes({
      checks,
      metrics,
      metricsToken,
      metricsPort,
      tokenOnly,
      isDraining,
      describe,
    }),
  )
  // Only these paths: a file lookup takes a thread of the pool that hashes passwords.
  const files = [paths.style, paths.icon, ...pageScripts.map(({ path }) => path)]
  router.use(brandRoutes(routeDeps))
  router.get(files, express.static(fileURLToPath(new URL('../public', import.meta.url))))
  router.use(paths.jwks, publicCors)
  router.use([paths.token, paths.revoke, paths.userinfo], clientCors(routeDeps))
  router.use(noStore, crossOrigin(config))
  router.use(openApiRoutes(routeDeps), jwksRoutes(routeDeps))
  router.use(tokenRoutes(routeDeps), clientSignInRoutes(routeDeps), userinfoRoutes(routeDeps))
  router.use(postedAsGet(routeDeps, [paths.authorize, paths.endSession]))
  router.use(
    checkOrigin({
      ownOrigin: config.publicUrl.origin,
      allowedOrigins: config.corsOrigins,
      bodyTokenPaths: [paths.signUp, paths.confirmAccount, paths.resetPassword, paths.notMe],
    }),
  )
  router.use(sendDeviceCookie, auth)
  router.use(featureRoutes(routeDeps))
  if (site.ownUsers) {
    router.use(ownUserRoutes(routeDeps))
    for (const path of [paths.account, paths.deleteAccount]) router.use(path, sayCannotDelete)
  }

  const originRouter = originRoutes(routeDeps)
  app.use(checkMethod(originRouter), originRouter)
  app.use(config.basePath, checkMethod(router), router)
  app.use(auditRefusedRequests(deps))
  app.use(notFound())
  app.use(answerErrors({ logger, page: (error) => errorPage(site, error) }))
  return app
}

/** Routes that standards look for at the root of the origin, whatever BASE_PATH is. */
function originRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.use(metadataRoutes(deps))
  if (deps.site.ownUsers) router.use(changePasswordUrlRoutes(deps.site))
  return router
}

function featureRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.get('/', (_req, res) => res.redirect(303, deps.site.url(paths.account)))
  router.use(sessionTokenRoutes(deps), authorizeRoutes(deps), logoutRoutes(deps))
  const destinationOf = (returnTo: string) => clientOfReturn(deps, returnTo)
  router.use(
    signInRoutes(deps, { destinationOf }),
    secondFactorRoutes(deps),
    passkeyRoutes(deps, { destinationOf }),
    signOutRoutes(deps),
    sessionRoutes(deps),
    accountRoutes(deps),
  )
  router.use(securityRoutes(deps), activityRoutes(deps), adminRoutes(deps))
  return router
}

/** Routes that create, change and delete users. A user service does this itself. */
function ownUserRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.use(changeAccountRoutes(deps), mailRequestRoutes(deps), confirmationRoutes(deps))
  router.use(passwordResetRoutes(deps), notMeRoutes(deps))
  router.use(invitationRoutes(deps), signUpRoutes(deps))
  return router
}

/** The admin pages, all behind the guard. */
function adminRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.use(paths.admin, guardAdminRoutes(deps))
  router.use(adminOverviewRoutes(deps))
  router.use(adminClientsRoutes(deps), adminClientRoutes(deps), rotateClientRoutes(deps))
  router.use(adminAddressRoutes(deps), adminAuditRoutes(deps))
  if (deps.site.ownUsers)
    router.use(adminUserRoutes(deps), adminInviteRoutes(deps), adminMailRoutes(deps))
  return router
}

function siteOf(config: Config): Site {
  const { siteName, brand, contactUrl, basePath, userService, signUp } = config
  const base = basePath.replace(/\/$/, '')
  return {
    name: siteName,
    brand: {
      hasLogo: brand.logo !== undefined,
      hasTheme: brand.color !== undefined,
      color: brand.color?.light ?? LATCHKEY_COLOR,
    },
    contactUrl,
    url: (path) => `${base}${path}`,
    ownUsers: userService === undefined,
    openSignUp: signUp.by !== 'invite',
    notices: {
      ...accountNotices,
      ...adminNotices,
      ...confirmationNotices,
      ...passwordResetNotices,
      ...sessionNotices,
    },
  }
}

/** Cross-origin access for listed origins only (R38). Their scripts may read the two headers. */
function crossOrigin({ corsOrigins: origin }: Config): RequestHandler {
  const exposedHeaders = ['Retry-After', 'WWW-Authenticate']
  return cors({ origin, credentials: true, exposedHeaders, maxAge: 600 })
}
