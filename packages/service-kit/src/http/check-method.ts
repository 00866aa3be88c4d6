import { type Request, type RequestHandler, Router } from 'express'
import { Problem } from './problem.ts'

/**
 * Goes in front of a finished router and knows its addresses. A method that no route there has is 405
 * `method_not_allowed` with `Allow` (RFC 9110 §15.5.6), before anybody is asked who they are; `OPTIONS`
 * is 204 with `Allow`. A browser's question about other origins passes, as does an unknown address.
 *
 * @param routes the router; routers inside it hang under no path of their own
 */
export function checkMethod(routes: Router): Router {
  const allowed = new WeakMap<Request, Set<string>>()
  const gate = Router()
  for (const { path, methods } of routesIn(routes))
    gate.all(path, function noteMethods(req, _res, next) {
      allowed.set(req, new Set([...(allowed.get(req) ?? []), ...methods]))
      next()
    })
  gate.use(refuseOthers(allowed))
  return gate
}

// Two patterns may match one address: what either takes is allowed there.
function refuseOthers(allowed: WeakMap<Request, Set<string>>): RequestHandler {
  return function refuseOtherMethods(req, res, next) {
    const methods = allowed.get(req)
    if (!methods || methods.has(req.method) || isPreflight(req)) return next()
    const allow = [...methods, 'OPTIONS'].toSorted().join(', ')
    if (req.method === 'OPTIONS') return res.status(204).set('Allow', allow).end()
    throw methodNotAllowed(req.method, allow)
  }
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
    detail: `This address does not take ${method}.`,
    headers: { Allow: allow },
  })
}
