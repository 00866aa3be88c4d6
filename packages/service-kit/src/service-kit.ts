export { acceptBody } from './http/accept-body.ts'
export { answerErrors, type ErrorPage } from './http/answer-errors.ts'
export {
  checkDependencies,
  type Checks,
  type DependencyState,
} from './process/check-dependencies.ts'
export { checkMethod } from './http/check-method.ts'
export { checkOrigin, requireTokenOfNullOrigin } from './http/check-origin.ts'
export { connectionAddress } from './settings/connection-address.ts'
export { createLogger } from './process/create-logger.ts'
export { createMetrics, type Metrics } from './process/metrics.ts'
export { healthRoutes, operatorListener } from './process/health-routes.ts'
export { invalidInput } from './http/invalid-input.ts'
export { isStoreDown } from './http/is-store-down.ts'
export { isDraining } from './process/draining.ts'
export { type Logger } from 'pino'
export { logOutage } from './process/log-outage.ts'
export { logRequests } from './process/log-requests.ts'
export { mailSettings } from './settings/mail-settings.ts'
export { measureSessionCache } from './process/measure-session-cache.ts'
export { notFound, pageNotFound } from './http/not-found.ts'
export { readPrivateFile, writePrivateFile } from './settings/private-file.ts'
export { type FieldProblem, Problem } from './http/problem.ts'
export { toProblem } from './http/to-problem.ts'
export { readSettings } from './settings/read-settings.ts'
export { prefersHtml } from './http/prefers-html.ts'
export { repeat } from './process/repeat.ts'
export { rereadSecrets } from './process/reread-secrets.ts'
export { runServer } from './process/run-server.ts'
export { checkServerSettings, isProduction, serverConfig } from './settings/server-config.ts'
export { secret, serverSettings, webAddress } from './settings/server-settings.ts'
export {
  basePath,
  commaList,
  originList,
  positiveNumber,
  secretList,
  wholeNumber,
} from './settings/setting-types.ts'
export { allowFormTarget, noStore, securityHeaders } from './http/security-headers.ts'
export { type BrandColor, brandSettings, type Logo } from './settings/brand-settings.ts'
export { setProblemHead } from './http/set-problem-head.ts'
export { startService } from './process/start-service.ts'
export { SettingsError } from './settings/settings-error.ts'
export { unavailable } from './http/unavailable.ts'
export { validate } from './http/validate.ts'
export { withinMs } from './process/within-ms.ts'
