import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
const OWN_FORMS = "form-action 'self'"

/**
 * Response headers after OWASP ASVS 3.4: nothing loads but our own files, nobody frames us, and
 * over https browsers stay on https.
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

/** Answers are about a user: no cache keeps them (OWASP ASVS 14.3.2). */
export const noStore: RequestHandler = function noStore(_req, res, next) {
  res.set('Cache-Control', 'no-store')
  next()
}

/**
 * Lets this page's form end at another origin: browsers hold the redirect that follows a post to
 * the page's `form-action` too.
 */
export function allowFormTarget(res: Response, origin: string): void {
  const policy = String(res.get('Content-Security-Policy'))
  res.set('Content-Security-Policy', policy.replace(OWN_FORMS, `${OWN_FORMS} ${origin}`))
}
