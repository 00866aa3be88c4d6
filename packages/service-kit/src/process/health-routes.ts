import type { RequestListener } from 'node:http'
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
  /** The bearer token that opens `/readyz`, `/metrics` and `/doctor`. */
  metricsToken?: string | undefined
  /** Whether these three answer only with the token: in production, and whenever `TRUST_PROXY` is set. */
  tokenOnly?: boolean
  /** A port that needs no token: see `operatorListener`. */
  metricsPort?: number | undefined
  isDraining: () => boolean
  /** What servers must have in common. The caller chooses the nonce. */
  describe?: (nonce: string) => Promise<object>
}

const question = z.object({ nonce: z.string().regex(/^[\w-]{16,64}$/) })

/**
 * `GET /healthz` tells anyone that the process is alive. The others answer only the operator's own network
 * or the token (R65): `GET /readyz` says for each dependency whether it is up, `GET /metrics` is for
 * Prometheus, and `GET /doctor?nonce=` compares servers.
 */
export function healthRoutes(options: HealthOptions): Router {
  const { checks, metrics, isDraining, describe } = options
  const internalOnly = checkInternal(options)
  const router = Router()
  router.get('/healthz', noStore, (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', internalOnly, noStore, async (_req, res) => {
    const dependencies = await checkDependencies(checks)
    const down = Object.values(dependencies).some(({ status }) => status === 'down')
    const status = isDraining() ? 'draining' : down ? 'down' : 'ok'
    if (status !== 'ok') res.status(503).set('Retry-After', '1')
    res.json({ status, dependencies })
  })
  router.get('/metrics', internalOnly, noStore, async (_req, res) => {
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  if (describe) router.get('/doctor', internalOnly, noStore, answerDescription(describe))
  return router
}

const operatorPaths = new Set(['/healthz', '/readyz', '/metrics', '/doctor'])

/** Serves the operator's own port: only these routes, without the app's base path. */
export function operatorListener(app: RequestListener, basePath = '/'): RequestListener {
  return function answerOperator(req, res) {
    const [path = '', query] = (req.url ?? '').split('?')
    if (!operatorPaths.has(path)) return res.writeHead(404).end()
    req.url = `${basePath.replace(/\/$/, '')}${path}${query === undefined ? '' : `?${query}`}`
    return app(req, res)
  }
}

function answerDescription(describe: (nonce: string) => Promise<object>): RequestHandler {
  return async function answerDescription(req, res) {
    const { nonce } = validate(question, req.query)
    const trustProxy: unknown = req.app.get('trust proxy')
    res.json({ trustProxy, ...(await describe(nonce)) })
  }
}

function checkInternal(options: HealthOptions): RequestHandler {
  const { metricsToken, metricsPort, tokenOnly = false } = options
  return function checkInternal(req, _res, next) {
    if (!isInternalRequest(req, { metricsToken, metricsPort, tokenOnly })) throw pageNotFound()
    next()
  }
}
