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
  /** Opens `/readyz`, `/metrics` and `/doctor` to a client that shows it as bearer token. */
  metricsToken?: string | undefined
  /** Without the token those three answer nobody: in production, and where `TRUST_PROXY` is set. */
  tokenOnly?: boolean
  /** Who comes by this port is let in: see `operatorListener`. */
  metricsPort?: number | undefined
  isDraining: () => boolean
  /** What another server has to have in common; the asker chooses the nonce. */
  describe?: (nonce: string) => Promise<object>
}

const question = z.object({ nonce: z.string().regex(/^[\w-]{16,64}$/) })

/**
 * `GET /healthz` tells anybody that the process is alive. Only inside the operator's own network,
 * or to the token (R65), `GET /readyz` tells whether it can serve, dependency by dependency, `GET /metrics` is for
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

/** What the operator's own port serves: these routes of the app, whatever path it is served under. */
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
