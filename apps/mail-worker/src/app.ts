import express, { type Express } from 'express'
import {
  answerErrors,
  healthRoutes,
  isDraining,
  type Logger,
  logRequests,
  type Metrics,
  notFound,
} from 'service-kit'

type AppDeps = {
  logger: Logger
  metrics: Metrics
  metricsToken: string | undefined
  metricsPort: number | undefined
  production: boolean
  checks: Record<string, () => Promise<unknown>>
}

/** The worker's only routes: its health and metrics, for the operator. */
export function buildApp(deps: AppDeps): Express {
  const { logger, metrics, metricsToken, metricsPort, production, checks } = deps
  const app = express()
  app.disable('x-powered-by')
  app.use(logRequests(logger), metrics.measureRequests)
  app.use(
    healthRoutes({
      metrics,
      isDraining,
      metricsToken,
      metricsPort,
      tokenOnly: production,
      checks,
    }),
  )
  app.use(notFound())
  app.use(answerErrors({ logger, page: ({ title }) => `<!doctype html><title>${title}</title>` }))
  return app
}
