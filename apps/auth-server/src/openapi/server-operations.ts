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
  summary: 'A static file that the pages load.',
  tag,
  access: 'anybody',
  answers: { 200: { description: 'The file.', type } },
})

/** Operations of the server itself. */
export const serverOperations: Operation[] = [
  {
    method: 'get',
    path: '/',
    summary: 'Redirect to the account page.',
    tag,
    access: 'anybody',
    answers: { 303: empty('To `/account`.') },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process is alive.',
    tag,
    access: 'anybody',
    answers: { 200: json('The process is alive.', z.object({ status: z.literal('ok') })) },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether the server is ready, with the state of each dependency.',
    tag,
    access: 'operator',
    answers: {
      200: json('Ready.', readiness),
      503: json('A dependency is down, or the server is shutting down.', readiness),
    },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus metrics.',
    tag,
    access: 'operator',
    answers: { 200: { description: 'The metrics, in the text format.', type: 'text/plain' } },
  },
  {
    method: 'get',
    path: '/doctor',
    summary:
      'The settings that servers with shared sessions must have in common, for `npm run cli -- doctor`.',
    tag,
    access: 'operator',
    query: z.object({ nonce: z.string() }),
    answers: { 200: json('The settings to compare.', z.looseObject({})) },
  },
  file(paths.style, 'text/css'),
  file(paths.icon, 'image/svg+xml'),
  file(paths.theme, 'text/css'),
  file(paths.logo, 'image/*'),
  file(paths.proofScript, 'text/javascript'),
  file(paths.waitScript, 'text/javascript'),
  file(paths.copyScript, 'text/javascript'),
  file(paths.sendScript, 'text/javascript'),
  file(paths.passwordScript, 'text/javascript'),
  file(paths.timesScript, 'text/javascript'),
  file(paths.passkeyScript, 'text/javascript'),
  {
    method: 'get',
    path: paths.openApi,
    summary: 'This document.',
    tag,
    access: 'anybody',
    answers: {
      200: json('An OpenAPI 3.1 document.', z.looseObject({ openapi: z.literal('3.1.0') })),
    },
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
