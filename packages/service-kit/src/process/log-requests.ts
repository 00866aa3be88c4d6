import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { serializeError } from './serialize-error.ts'

// Long enough for a secret of 128 bits, as in /invites/<token>. Ids are shorter.
const secretSegments = /(?<=\/)[^/]{40,}/g

const assets = /\.(css|js|svg|png|ico)$/
const healthChecks = /\/(healthz|readyz|metrics)$/

/**
 * Logs one line per request: method, path, status, milliseconds and a request id, which is also sent as
 * `X-Request-Id`. Queries, headers and bodies are left out, and long path segments hidden, because they
 * hold secrets (R61). Health checks and served assets are not logged.
 */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    wrapSerializers: false,
    autoLogging: { ignore: (req) => healthChecks.test(pathOf(req)) },
    genReqId: identifyRequest,
    serializers: {
      req: (req: IncomingMessage) => ({ id: req.id, method: req.method, path: pathOf(req) }),
      res: (res: ServerResponse) => ({ status: res.statusCode }),
      err: (error: unknown) => serializeError(error),
    },
    customAttributeKeys: { responseTime: 'ms' },
    customLogLevel(req, res, error) {
      if (error || res.err || res.statusCode >= 500) return 'error'
      return res.statusCode < 400 && assets.test(pathOf(req)) ? 'silent' : 'info'
    },
    customSuccessMessage: describeRequest,
    customErrorMessage: describeRequest,
  })
}

function identifyRequest(_req: IncomingMessage, res: ServerResponse): string {
  const id = randomUUID()
  res.setHeader('X-Request-Id', id)
  return id
}

function describeRequest(req: IncomingMessage, res: ServerResponse): string {
  const fate = res.writableFinished ? String(res.statusCode) : 'aborted'
  return `${req.method} ${pathOf(req)} ${fate}`
}

function pathOf(req: IncomingMessage): string {
  const url = 'originalUrl' in req ? String(req.originalUrl) : (req.url ?? '')
  return (url.split('?', 1)[0] ?? '').replace(secretSegments, '[hidden]')
}
