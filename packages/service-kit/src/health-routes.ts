import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { Metrics } from './metrics.ts'
import { isInternalRequest } from './is-internal-request.ts'
import { pageNotFound } from './not-found.ts'
import { validate } from './validate.ts'

type Checks = Record<string, () => Promise<unknown>>

type HealthOptions = {
  /** By dependency: resolves when it can be used, rejects otherwise. */
  checks: Checks
  metrics: Metrics
  /** Opens `/readyz` and `/metrics` to a client that shows it as bearer token. */
  metricsToken?: string | undefined
  isDraining: () => boolean
  /** What another server has to have in common; the nonce is that of who asks. */
  describe?: (nonce: string) => Promise<object>
}

const question = z.object({ nonce: z.string().regex(/^[\w-]{16,64}$/) })

const deadlineMs = 1_000

/**
 * `GET /healthz` says that the process is alive, to anybody; `GET /readyz` whether it can serve,
 * dependency by dependency, `GET /metrics` (Prometheus) and `GET /doctor?nonce=`, which compares servers,
 * only to the operator's own network (R65).
 */
export function healthRoutes(options: HealthOptions): Router {
  const { checks, metrics, metricsToken, isDraining, describe } = options
  const router = Router()
  router.get('/healthz', noStore, (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', internalOnly(metricsToken), noStore, async (_req, res) => {
    const dependencies = await checkAll(checks)
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

const noStore: RequestHandler = function forbidStoring(_req, res, next) {
  res.set('Cache-Control', 'no-store')
  next()
}

async function checkAll(checks: Checks) {
  const results = Object.entries(checks).map(
    async ([name, check]) => [name, await timeCheck(check)] as const,
  )
  return Object.fromEntries(await Promise.all(results))
}

async function timeCheck(check: () => Promise<unknown>) {
  const started = performance.now()
  const status = await withinDeadline(check).then(
    () => 'up',
    () => 'down',
  )
  return { status, ms: Math.round(performance.now() - started) }
}

async function withinDeadline(check: () => Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer in time')), deadlineMs)
  try {
    await Promise.race([check(), late])
  } finally {
    clearTimeout(timer)
  }
}
