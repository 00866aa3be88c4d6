import express, { type Request, type RequestHandler } from 'express'
import { Problem } from './problem.ts'

const limit = '16kb'
const formType = 'application/x-www-form-urlencoded'

/**
 * Reads a JSON body, or also a url-encoded one if `form` says that a page posts here. Any other type is
 * 415, more than 16 kB is 413 (R33). Without a body, `req.body` is `{}`.
 */
export function acceptBody({ form = false }: { form?: boolean } = {}): RequestHandler[] {
  const types = form ? ['application/json', formType] : ['application/json']
  return [
    function checkBodyType(req, _res, next) {
      if (!carriesBody(req)) req.body = {}
      else if (!req.is(types) || !isUtf8(req)) throw unsupported()
      next()
    },
    express.json({ limit, inflate: false }),
    ...(form
      ? [express.urlencoded({ extended: false, limit, inflate: false, verify: refuseMislabelled })]
      : []),
  ]
}

function carriesBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0
}

function isUtf8(req: Request): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(req.headers['content-type'] ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

// JSON or multipart labelled as a form would be read as one field with a strange name.
function refuseMislabelled(_req: unknown, _res: unknown, body: Buffer): void {
  if (/^\s*[{["]|[\r\n]/.test(body.toString('latin1').trimEnd())) throw unsupported()
}

function unsupported(): Problem {
  return new Problem({
    status: 415,
    code: 'unsupported_media_type',
    detail: 'A body of this type, charset or encoding is not accepted here.',
  })
}
