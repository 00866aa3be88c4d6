import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import express, { type Express, type Request, type Response } from 'express'
import { z } from 'zod'
import { problemCodes } from '../src/openapi/build-document.ts'
import { oauthErrorSchema } from '../src/oauth/oauth-error.ts'
import type { Answer, Operation } from '../src/http/operation.ts'
import { operations } from '../src/openapi/operations.ts'

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

const problem = z.looseObject({
  code: z.string(),
  status: z.number(),
  detail: z.string(),
  ...oauthErrorSchema.partial().shape,
})
const validators = new Map<z.ZodType, ValidateFunction>()

/**
 * Wraps the app and compares every answer with the OpenAPI document. `misfits` collects the answers
 * that differ from it.
 */
export function withCheckedAnswers(app: Express, basePath: string) {
  const misfits = new Set<string>()
  const outer = express().disable('x-powered-by')
  outer.use((req, res, next) => {
    const { method, path } = req
    const body = collectBody(res)
    res.once('finish', () => {
      const problem = misfitOf(req, { method, path: withoutBase(path, basePath) }, res, body())
      if (problem) misfits.add(`${method} ${path} ${res.statusCode}: ${problem}`)
    })
    next()
  })
  outer.use(app)
  return { app: outer, misfits }
}

function collectBody(res: Response): () => string {
  const chunks: Buffer[] = []
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  }
  for (const name of ['write', 'end'] as const) {
    const original = res[name]
    const collect = (...args: unknown[]): unknown => {
      keep(args[0])
      return Reflect.apply(original, res, args)
    }
    Object.defineProperty(res, name, { value: collect, writable: true, configurable: true })
  }
  return () => Buffer.concat(chunks).toString()
}

function withoutBase(path: string, basePath: string): string {
  return path.startsWith(basePath) ? `/${path.slice(basePath.length)}` : path
}

type Asked = { method: string; path: string }

function misfitOf(req: Request, asked: Asked, res: Response, body: string): string | undefined {
  const { statusCode: status } = res
  if (asked.method === 'OPTIONS' || [404, 405].includes(status) || status >= 500) return undefined
  const operation = operations.find((operation) => isFor(operation, asked))
  if (!operation) return status >= 400 ? undefined : 'no operation describes it'
  const type = (res.get('Content-Type') ?? '').split(';', 1)[0] ?? ''
  if (status >= 400) return problemMisfit(operation, { status, type, body })
  if (isFromGuard(operation, req, status)) return undefined
  const answer = operation.answers[status]
  if (!answer) return 'this status is not described'
  // Express adds a short text to every redirect.
  if (asked.method === 'HEAD' || status === 303) return undefined
  return answerMisfit(answer, type, body)
}

function isFor({ method, path }: Operation, asked: Asked): boolean {
  const wanted = asked.method === 'HEAD' ? 'get' : asked.method.toLowerCase()
  const pattern = path.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '[^/]+')
  return method === wanted && new RegExp(`^${pattern}/?$`, 'i').test(asked.path)
}

/** Whether a guard answered: a redirect to the sign-in page, or the arrival page. */
function isFromGuard({ access }: Operation, req: Request, status: number): boolean {
  if (['session', 'admin', 'admin or machine'].includes(access)) return status === 303
  return req.get('Sec-Fetch-Site') === 'cross-site' && status === 200
}

type Failure = { status: number; type: string; body: string }

function problemMisfit(operation: Operation, { status, type, body }: Failure): string | undefined {
  if (type === 'text/html') return undefined
  if (type === 'application/json')
    return oauthErrorSchema.safeParse(JSON.parse(body)).success
      ? undefined
      : `not an OAuth error: ${body}`
  const { success, data } = problem.safeParse(JSON.parse(body || 'null'))
  if (!success || data.status !== status) return `not problem details: ${body}`
  return problemCodes(operation, status).includes(data.code) ? undefined : `code ${data.code}`
}

function answerMisfit({ json, html, type: own }: Answer, type: string, body: string) {
  if (type === 'application/json') {
    if (!json) return 'JSON is not described'
    const validate = validatorOf(json)
    return validate(JSON.parse(body)) ? undefined : ajv.errorsText(validate.errors)
  }
  if (type === 'text/html') return html ? undefined : 'a page is not described'
  if (body === '' || type === 'text/plain') return undefined
  const isOwn = own?.endsWith('/*') ? type.startsWith(own.slice(0, -1)) : type === own
  return isOwn ? undefined : `the type ${type} is not described`
}

function validatorOf(schema: z.ZodType): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { unrepresentable: 'any' })
  const validate = ajv.compile(plain)
  validators.set(schema, validate)
  return validate
}
