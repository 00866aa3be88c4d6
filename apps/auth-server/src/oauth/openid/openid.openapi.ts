import { z } from 'zod'
import { json, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

const claims = z.object({
  sub: z.string(),
  preferred_username: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
})
const answers = { 200: json('The claims that the scope of the token allows.', claims) }
const problems = {
  400: ['invalid_request'],
  401: ['invalid_token'],
  403: ['insufficient_scope'],
}
const userinfo = {
  path: paths.userinfo,
  summary: 'The user of an access token with the scope `openid` (OpenID Connect Core §5.3).',
  tag: 'Tokens',
  access: 'anybody',
  answers,
  problems,
} as const

/** The userinfo endpoint. */
export const openIdOperations: Operation[] = [
  { method: 'get', ...userinfo },
  {
    method: 'post',
    ...userinfo,
    body: z.object({ access_token: z.string().optional() }),
    form: true,
  },
]
