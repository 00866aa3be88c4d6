import { z } from 'zod'
import { empty, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { authorizeInput } from './check-authorize-request.ts'
import { redirectInput } from './find-redirect.ts'

/** Client sites send visitors here to sign in. */
export const authorizeOperations: Operation[] = [
  {
    method: 'get',
    path: paths.authorize,
    summary: 'The code flow (RFC 6749 §4.1, PKCE S256). A signed-in visitor returns at once.',
    tag: 'Tokens',
    access: 'anybody',
    query: z.object({ ...redirectInput.shape, ...authorizeInput.shape }),
    answers: {
      200: page('A page that redirects.'),
      303: empty(
        'To the client with `code`, `state` and `iss` or an `error`, or to the sign-in page.',
      ),
    },
    problems: {
      400: ['unknown_client', 'unknown_redirect_uri'],
      403: ['account_suspended'],
      429: ['too_many_attempts'],
    },
  },
  {
    method: 'post',
    path: paths.authorize,
    summary: 'The same, posted by a form of the client (OpenID Connect Core §3.1.2.1).',
    tag: 'Tokens',
    access: 'anybody',
    body: z.object({ ...redirectInput.shape, ...authorizeInput.shape }),
    form: true,
    answers: { 303: empty('To the same address, with the fields as its query.') },
  },
  {
    method: 'post',
    path: paths.consent,
    summary: 'The visitor’s decision on the consent page.',
    tag: 'Tokens',
    access: 'session',
    body: z.object({ decision: z.enum(['allow', 'deny']), ...redirectInput.shape }),
    form: true,
    answers: { 200: page('A page that redirects to the client.') },
    problems: { 400: ['unknown_client', 'unknown_redirect_uri'] },
  },
]
