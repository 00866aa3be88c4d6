import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

const outcome = z.enum(['account_removed', 'address_dropped', 'sessions_ended'])
const problems = { 400: ['invalid_or_expired_token'], 429: ['too_many_attempts'] }
const invalidLink = page('The link is no longer valid.')

/** The "this was not me" links of e-mails. */
export const notMeOperations: Operation[] = [
  {
    method: 'get',
    path: paths.notMe,
    summary: 'The page behind the "this was not me" link of an e-mail.',
    tag: 'Account',
    access: 'anybody',
    query: linkInput,
    answers: { 200: page('A page with one button.'), 400: invalidLink },
    problems,
  },
  {
    method: 'post',
    path: paths.notMe,
    summary: 'Report "this was not me": undoes the change, or ends every session.',
    tag: 'Account',
    access: 'anybody',
    body: linkInput,
    form: true,
    answers: { 200: jsonOrPage('What was done.', z.object({ outcome })), 400: invalidLink },
    problems,
  },
]
