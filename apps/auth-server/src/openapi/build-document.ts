import { z } from 'zod'
import { oauthErrorSchema } from '../oauth/oauth-error.ts'
import type { Answer, Operation } from '../http/operation.ts'
import { operations } from './operations.ts'

/** Error codes that any operation may return, by status. */
export const commonProblems: Record<number, readonly string[]> = {
  400: ['invalid_input', 'malformed_body', 'bad_request'],
  401: ['not_signed_in', 'reauthentication_required'],
  403: ['foreign_origin', 'forbidden'],
  404: ['not_found'],
  413: ['payload_too_large'],
  415: ['unsupported_media_type'],
  500: ['internal_error'],
  503: ['temporarily_unavailable', 'sessions_unavailable', 'sessions_on_hold', 'session_id_taken'],
}

/** The error codes that an access token adds on the admin routes. */
const machineProblems: Record<number, readonly string[]> = {
  400: ['invalid_request'],
  401: ['invalid_token'],
  403: ['insufficient_scope'],
}

const schemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description: '`__Host-session` over https, `__Secure-session` with COOKIE_DOMAIN.',
  },
  client: {
    type: 'http',
    scheme: 'basic',
    description:
      'The id and secret of a client, in this header or as `client_id` and `client_secret` in the body.',
  },
  machine: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An access token of a `machine` client for this server, with the scope of the section: `admin:users` (users and blocked addresses), `admin:invites`, `admin:clients`, `admin:mail` or `admin:audit` (the overview and the audit log).',
  },
  operator: {
    type: 'http',
    scheme: 'bearer',
    description: 'METRICS_TOKEN; not needed from the server’s own network.',
  },
} as const

const security = {
  anybody: [],
  session: [{ session: [] }],
  admin: [{ session: [] }],
  'admin or machine': [{ session: [] }, { machine: [] }],
  client: [{ client: [] }],
  'resource server': [{ client: [] }],
  operator: [{ operator: [] }, {}],
} as const

/** RFC 9457, with the two members of RFC 6749 §5.2 on the endpoints for clients. */
const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  contact: z.string().optional(),
  until: z.iso.datetime().optional(),
  acr: z.string().optional(),
  factors: z.array(z.string()).optional(),
  ...oauthErrorSchema.partial().shape,
})

export type OpenApiDocument = ReturnType<typeof buildDocument>

/**
 * The API as an OpenAPI 3.1 document. The routes check bodies with the same schemas.
 *
 * @param options.url the public URL of the server, with its base path
 */
export function buildDocument({ url, siteName }: { url: string; siteName: string }) {
  return {
    openapi: '3.1.0',
    info: {
      title: `${siteName}: sign-in`,
      version: '1',
      description:
        'A request with `Accept: text/html` gets pages, any other gets JSON. Errors are problem details (RFC 9457) with a stable `code`. A method that a path does not have is 405 `method_not_allowed` with `Allow`.',
    },
    servers: [{ url: url.replace(/\/$/, '') }],
    components: {
      securitySchemes: schemes,
      schemas: {
        Problem: toSchema(problem, 'output'),
        OAuthError: toSchema(oauthErrorSchema, 'output'),
      },
    },
    paths: pathsOf(operations),
  }
}

/** An Express path such as `/invites/:token` in OpenAPI's notation. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

function pathsOf(all: readonly Operation[]) {
  const paths: Record<string, Record<string, ReturnType<typeof describe>>> = {}
  for (const operation of all) {
    const path = openApiPath(operation.path)
    paths[path] = { ...paths[path], [operation.method]: describe(operation) }
  }
  return paths
}

function describe(operation: Operation) {
  const { summary, tag, access, body, form } = operation
  const parameters = [...pathParameters(operation), ...queryParameters(operation)]
  const content = body && {
    'application/json': { schema: toSchema(body, 'input') },
    ...(form && {
      'application/x-www-form-urlencoded': {
        schema: toSchema(form === true ? body : form, 'input'),
      },
    }),
  }
  return {
    summary,
    tags: [tag],
    security: security[access],
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: true, content } }),
    responses: { ...answersOf(operation), ...problemsOf(operation) },
  }
}

function pathParameters({ path }: Operation) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters({ query }: Operation) {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !z.safeParse(schema, undefined).success,
    schema: toSchema(schema, 'input'),
  }))
}

function answersOf({ answers }: Operation) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
  )
}

function describeAnswer({ description, json, html, type }: Answer) {
  const content = {
    ...(json && { 'application/json': { schema: toSchema(json, 'output') } }),
    ...(html && { 'text/html': { schema: { type: 'string' } } }),
    ...(type && { [type]: { schema: { type: 'string' } } }),
  }
  return { description, ...(Object.keys(content).length > 0 && { content }) }
}

/** The error codes of an operation for a status: its own and the shared ones. */
export function problemCodes({ problems = {}, access }: Operation, status: number): string[] {
  const forMachines = access === 'admin or machine' ? machineProblems : {}
  return [problems, forMachines, commonProblems].flatMap((codes) => codes[status] ?? [])
}

function problemsOf(operation: Operation) {
  const isOAuth = operation.path.startsWith('/oauth/') && operation.method === 'post'
  const statuses = new Set([operation.problems ?? {}, commonProblems].flatMap(Object.keys))
  const content = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    ...(isOAuth && { 'application/json': { schema: { $ref: '#/components/schemas/OAuthError' } } }),
  }
  return Object.fromEntries(
    [...statuses].toSorted().map((status) => {
      const codes = problemCodes(operation, Number(status))
      return [status, { description: codes.map((code) => `\`${code}\``).join(', '), content }]
    }),
  )
}

function toSchema(schema: z.core.$ZodType, io: 'input' | 'output') {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
