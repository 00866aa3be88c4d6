import { z } from 'zod'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { logoutInput } from '../logout/logout-request.ts'

const claims = z.object({
  sub: z.string(),
  preferred_username: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
})
const answers = { 200: json('Its claims, by the scope of the token.', claims) }
const problems = {
  400: ['invalid_request'],
  401: ['invalid_token'],
  403: ['insufficient_scope'],
}
const userinfo = {
  path: paths.userinfo,
  summary: 'The user of an access token with the scope openid (OpenID Connect Core §5.3).',
  tag: 'Tokens',
  access: 'anybody',
  answers,
  problems,
} as const

const logoutProblems = { 400: ['invalid_request', 'unknown_client', 'unknown_redirect_uri'] }

/** What OpenID Connect adds to the token endpoints. */
export const openIdOperations: Operation[] = [
  { method: 'get', ...userinfo },
  {
    method: 'post',
    ...userinfo,
    body: z.object({ access_token: z.string().optional() }),
    form: true,
  },
  {
    method: 'get',
    path: paths.endSession,
    summary: 'Sign out at the wish of a client (RP-Initiated Logout 1.0): asks by a page.',
    tag: 'Tokens',
    access: 'anybody',
    query: logoutInput,
    answers: { 200: page('A page that asks, or that says that nobody is signed in.') },
    problems: logoutProblems,
  },
  {
    method: 'post',
    path: paths.endSession,
    summary: 'The same by a form of the client’s: goes on as a GET.',
    tag: 'Tokens',
    access: 'anybody',
    body: logoutInput,
    form: true,
    answers: { 303: empty('To the same address, with the fields as its query.') },
  },
  {
    method: 'post',
    path: paths.confirmEndSession,
    summary: 'End the session, its tokens, and by notices the sessions of its sites.',
    tag: 'Tokens',
    access: 'anybody',
    body: logoutInput,
    form: true,
    answers: { 200: page('A page that says so and opens the client’s address by itself.') },
    problems: logoutProblems,
  },
]
