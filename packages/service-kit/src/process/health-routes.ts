import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { checkDependencies, type Checks } from './check-dependencies.ts'
import type { Metrics } from './metrics.ts'
import { isInternalRequest } from './is-internal-request.ts'
import { pageNotFound } from '../http/not-found.ts'
import { noStore } from '../http/security-headers.ts'
import { validate } from '../http/validate.ts'

type HealthOptions = {
  checks: Checks
  metrics: Metrics
  /** Opens `/readyz`, `/metrics` and `/doctor` to a client that shows it as bearer token. */
  metricsToken?: string | undefined
  isDraining: () => boolean
  /** What another server has to have in common; the asker chooses the nonce. */
  describe?: (nonce: string) => Promise<object>
}

const question = z.object({ nonce: z.string().regex(/^[\w-]{16,64}$/) })

/**
 * `GET /healthz` tells anybody that the process is alive. Only inside the operator's own network
 * (R65), `GET /readyz` tells whether it can serve, dependency by dependency, `GET /metrics` is for
 * Prometheus, and `GET /doctor?nonce=` compares servers.
 */
export function healthRoutes(options: HealthOptions): Router {
  const { checks, metrics, metricsToken, isDraining, describe } = options
  const router = Router()
  router.get('/healthz', noStore, (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', internalOnly(metricsToken), noStore, async (_req, res) => {
    const dependencies = await checkDependencies(checks)
    const down = Object.values(dependencies).some(({ status }) => status === 'down')
    const status = isDraining() ? 'draining' : down ? 'down' : 'ok'
    res.status(status === 'ok' ? 200 : 503).json({ status, dependencies })
  })
  router.get('/metrics', internalOnly(metricsToken), noStore, async (_req, res) => {
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  if (describe)
    router.get('/doctor', internalOnly(metricsToken), noStore, answerDescription(describe))
  return router
}

function answerDescription(describe: (nonce: string) => Promise<object>): RequestHandler {
  return async function answerDescription(req, res) {
    const { nonce } = validate(question, req.query)
    const trustProxy: unknown = req.app.get('trust proxy')
    res.json({ trustProxy, ...(await describe(nonce)) })
  }
}

function internalOnly(token: string | undefined): RequestHandler {
  return function checkInternal(req, _res, next) {
    if (!isInternalRequest(req, token)) throw pageNotFound()
    next()
  }
}
