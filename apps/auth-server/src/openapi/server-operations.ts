import { z } from 'zod'
import { paths } from '../http/paths.ts'
import { empty, json, type Operation, page } from '../http/operation.ts'

const tag = 'Server'
const dependency = z.object({ status: z.enum(['up', 'down']), ms: z.number() })
const readiness = z.object({
  status: z.enum(['ok', 'down', 'draining']),
  dependencies: z.record(z.string(), dependency),
})
const file = (path: string, type: string): Operation => ({
  method: 'get',
  path,
  summary: 'A file that pages load.',
  tag,
  access: 'anybody',
  answers: { 200: { description: 'The file.', type } },
})

/** What is about the server itself. */
export const serverOperations: Operation[] = [
  {
    method: 'get',
    path: '/',
    summary: 'On to the account page.',
    tag,
    access: 'anybody',
    answers: { 303: empty('On to `/account`.') },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process is alive.',
    tag,
    access: 'anybody',
    answers: { 200: json('It is.', z.object({ status: z.literal('ok') })) },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether it can serve, dependency by dependency.',
    tag,
    access: 'operator',
    answers: {
      200: json('It can.', readiness),
      503: json('Something is away, or it is about to end.', readiness),
    },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus metrics.',
    tag,
    access: 'operator',
    answers: { 200: { description: 'In the text format.', type: 'text/plain' } },
  },
  {
    method: 'get',
    path: '/doctor',
    summary:
      'What servers that honour the same sessions must have in common, for `npm run cli -- doctor`.',
    tag,
    access: 'operator',
    query: z.object({ nonce: z.string() }),
    answers: { 200: json('What is compared.', z.looseObject({})) },
  },
  file(paths.style, 'text/css'),
  file(paths.icon, 'image/svg+xml'),
  file(paths.waitScript, 'text/javascript'),
  file(paths.copyScript, 'text/javascript'),
  file(paths.sendScript, 'text/javascript'),
  {
    method: 'get',
    path: paths.openApi,
    summary: 'This document.',
    tag,
    access: 'anybody',
    answers: { 200: json('OpenAPI 3.1.', z.looseObject({ openapi: z.literal('3.1.0') })) },
  },
  {
    method: 'get',
    path: paths.apiPage,
    summary: 'This document as a page, in development.',
    tag,
    access: 'anybody',
    answers: { 200: page('Every operation.') },
  },
]
