import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export type Metrics = { registry: Registry; measureRequests: RequestHandler }

/** A registry with Node's default metrics, and the middleware that times every request. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by route template',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  return {
    registry,
    measureRequests: function measureRequest(req, res, next) {
      const stop = duration.startTimer()
      res.once('finish', () =>
        stop({ method: req.method, route: routeOf(req), status: res.statusCode }),
      )
      next()
    },
  }
}

// The template, never the path: paths are countless and may hold a token.
function routeOf(req: { route?: { path?: unknown } }): string {
  const path = req.route?.path
  return typeof path === 'string' ? path : 'none'
}
