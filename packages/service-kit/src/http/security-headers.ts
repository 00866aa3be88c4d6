import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
const OWN_FORMS = "form-action 'self'"

/**
 * Response headers by OWASP ASVS 3.4: pages load only our own files, cannot be framed, and browsers
 * that came over https stay on https.
 */
export function securityHeaders({ https }: { https: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https && { maxAge: ONE_YEAR_SECONDS, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
  })
}

/** Keeps answers, which are about a user, out of every cache (OWASP ASVS 14.3.2). */
export const noStore: RequestHandler = function noStore(_req, res, next) {
  res.set('Cache-Control', 'no-store')
  next()
}

/**
 * Lets this page's form lead to another origin: browsers apply `form-action` to the redirect after a
 * post as well.
 */
export function allowFormTarget(res: Response, origin: string): void {
  const policy = String(res.get('Content-Security-Policy'))
  res.set('Content-Security-Policy', policy.replace(OWN_FORMS, `${OWN_FORMS} ${origin}`))
}
