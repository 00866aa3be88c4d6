import { z } from 'zod'
import { pageInput } from '../../http/read-input.ts'
import { moment } from '../../http/operation-answers.ts'
import { empty, json, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { inviteInput } from './invite-input.ts'

const tag = 'Invitations'
const listedInvite = z.object({
  id: z.string(),
  email: z.string().nullable(),
  state: z.enum(['open', 'used', 'expired', 'revoked']),
  usedBy: z.object({ id: z.string(), username: z.string().nullable() }).nullable(),
  createdAt: moment,
  expiresAt: moment,
  mailFailure: z.string().nullable(),
})
export const invitePage = z.object({
  invites: z.array(listedInvite),
  next: z.string().nullable(),
})
export const madeInvite = z.object({ id: z.string(), url: z.url(), expiresAt: moment })
const valid = z.object({ valid: z.literal(true), email: z.string().optional() })

/** Invitations: for admins, and for people who have one. */
export const invitationOperations: Operation[] = [
  {
    method: 'post',
    path: paths.invites,
    summary: 'Create an invitation; with an address, it is sent there by e-mail.',
    tag,
    access: 'admin',
    body: inviteInput,
    answers: { 201: json('The link, shown only this once.', madeInvite) },
  },
  {
    method: 'get',
    path: paths.invites,
    summary: 'List invitations with their state, a page at a time.',
    tag,
    access: 'admin',
    query: pageInput,
    answers: {
      200: json('Invitations, newest first.', invitePage),
      303: empty('Not signed in, or not recently enough: to the sign-in or password page.'),
    },
  },
  {
    method: 'get',
    path: `${paths.invites}/:token`,
    summary: 'Check whether an invitation is valid; never uses it.',
    tag,
    access: 'anybody',
    answers: { 200: json('It is valid.', valid) },
  },
  {
    method: 'delete',
    path: `${paths.invites}/:id`,
    summary: 'Revoke an unused invitation.',
    tag,
    access: 'admin',
    answers: { 204: empty('Revoked, now or earlier.') },
    problems: { 409: ['invite_used'] },
  },
]
