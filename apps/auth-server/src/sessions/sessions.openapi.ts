import { z } from 'zod'
import { moment } from '../http/operation-answers.ts'
import { publicUserSchema } from '../users/public-user.ts'
import { empty, json, jsonOrPage, type Operation } from '../http/operation.ts'
import { paths } from '../http/paths.ts'

const tag = 'Sessions'
export const listedSession = z.object({
  id: z.string().nullable(),
  current: z.boolean(),
  device: z.string(),
  address: z.string().nullable(),
  signedInAt: moment,
  lastUsedAt: moment.nullable(),
})
const problems = { 429: ['too_many_attempts'] }
const ended = { 204: empty('Ended.'), 303: empty('From a form: back to the list.') }

/** The sessions of the signed-in user. */
export const sessionOperations: Operation[] = [
  {
    method: 'get',
    path: paths.session,
    summary: 'The signed-in user, for an app shell to ask first.',
    tag,
    access: 'session',
    answers: {
      200: json(
        'The user, and when the session expires.',
        z.object({ user: publicUserSchema, expiresAt: moment }),
      ),
    },
  },
  {
    method: 'get',
    path: paths.sessions,
    summary: "The user's sessions.",
    tag,
    access: 'session',
    query: z.object({ notice: z.string().optional() }),
    answers: {
      200: jsonOrPage(
        'The sessions, this one first.',
        z.object({ sessions: z.array(listedSession) }),
      ),
      303: empty('Not signed in: to the sign-in page.'),
    },
  },
  ...endings([
    { method: 'delete', path: paths.sessions, summary: 'End every other session and token.' },
    { method: 'post', path: paths.endSessions, summary: 'The same for the page’s button.' },
    { method: 'delete', path: `${paths.sessions}/:id`, summary: 'End one session.' },
    { method: 'post', path: `${paths.sessions}/:id/end`, summary: 'The same for the page.' },
  ]),
]

function endings(all: Pick<Operation, 'method' | 'path' | 'summary'>[]): Operation[] {
  return all.map((operation) => ({
    ...operation,
    tag,
    access: 'session',
    answers: ended,
    problems,
  }))
}
