import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

const outcome = z.enum(['account_removed', 'address_dropped', 'sessions_ended'])
const problems = { 400: ['invalid_or_expired_token'], 429: ['too_many_attempts'] }
const over = page('The link is not good any more.')

/** "This was not me." */
export const notMeOperations: Operation[] = [
  {
    method: 'get',
    path: paths.notMe,
    summary: 'The page behind a mail’s "this was not me".',
    tag: 'Account',
    access: 'anybody',
    query: linkInput,
    answers: { 200: page('One button.'), 400: over },
    problems,
  },
  {
    method: 'post',
    path: paths.notMe,
    summary: 'It was not me: what was done is undone, or every session ends.',
    tag: 'Account',
    access: 'anybody',
    body: linkInput,
    form: true,
    answers: { 200: jsonOrPage('What was done about it.', z.object({ outcome })), 400: over },
    problems,
  },
]
