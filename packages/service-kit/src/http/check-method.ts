import { type Request, type RequestHandler, Router } from 'express'
import { Problem } from './problem.ts'

/**
 * Goes in front of a complete router. Answers 405 `method_not_allowed` with `Allow` (RFC 9110 §15.5.6) if
 * the path has routes but none for this method, and 204 with `Allow` to `OPTIONS`. CORS preflights and
 * unknown paths pass.
 *
 * @param routes the router; it mounts no other router under a path
 */
export function checkMethod(routes: Router): Router {
  const allowed = new WeakMap<Request, Set<string>>()
  const gate = Router()
  for (const [path, methods] of methodsByPath(routes))
    gate.all(path, function noteMethods(req, _res, next) {
      allowed.set(req, new Set([...(allowed.get(req) ?? []), ...methods]))
      next()
    })
  gate.use(refuseOthers(allowed))
  return gate
}

// Two patterns may match one path: the methods of both are allowed.
function refuseOthers(allowed: WeakMap<Request, Set<string>>): RequestHandler {
  return function refuseOtherMethods(req, res, next) {
    const methods = allowed.get(req)
    if (!methods || methods.has(req.method) || isPreflight(req)) return next()
    const allow = [...methods, 'OPTIONS'].toSorted().join(', ')
    if (req.method === 'OPTIONS') return res.status(204).set('Allow', allow).end()
    throw methodNotAllowed(req.method, allow)
  }
}

// Each path once: every request is compared with all of them.
function methodsByPath(router: Router): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>()
  for (const { path, methods } of routesIn(router))
    all.set(path, new Set([...(all.get(path) ?? []), ...methods]))
  return all
}

type Route = { path: string; methods: string[] }

function routesIn(router: Router): Route[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (!route) return isRouter(handle) ? routesIn(handle) : []
    const methods = new Set(route.stack.map(({ method }) => method.toUpperCase()))
    if (methods.has('GET')) methods.add('HEAD')
    return [{ path: route.path, methods: [...methods] }]
  })
}

function isRouter(handle: unknown): handle is Router {
  return typeof handle === 'function' && 'stack' in handle
}

function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

function methodNotAllowed(method: string, allow: string): Problem {
  return new Problem({
    status: 405,
    code: 'method_not_allowed',
    detail: `This address does not accept ${method}.`,
    headers: { Allow: allow },
  })
}
