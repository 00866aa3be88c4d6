import { z } from 'zod'
import { pageInput } from '../../http/read-input.ts'
import { invitePage, madeInvite } from '../../accounts/invitations/invitations.openapi.ts'
import { inviteFormInput } from '../../accounts/invitations/invite-input.ts'
import { moment } from '../../http/operation-answers.ts'
import { publicUserSchema } from '../../users/public-user.ts'
import { jsonOrPage, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { listedSession } from '../../sessions/sessions.openapi.ts'
import { searchInput } from '../admin-input.ts'
import { asked, done, shown } from '../admin-operation.ts'
import { rolesInput } from './change-roles.ts'

const user = publicUserSchema.extend({
  state: z.enum(['active', 'not confirmed', 'suspended', 'deleting']),
  suspendedAt: moment.nullable(),
  createdAt: moment,
})
const listed = user.extend({ looksLike: z.array(z.string()) })
const found = z.object({ users: z.array(listed), next: z.string().nullable() })
const others = { problems: { 403: ['own_account'] } }
const one = `${paths.adminUsers}/:id`
const session = `${one}/sessions/:session/end`
const invite = `${paths.adminInvites}/:id/revoke`

/** Users and invitations, as admins see and change them. */
export const adminUserOperations: Operation[] = [
  shown(paths.adminUsers, 'Users by name, a page at a time.', {
    query: searchInput.extend({ notice: z.string().optional() }),
    schema: found,
  }),
  shown(one, 'One user and their sessions.', {
    schema: z.object({ user, sessions: z.array(listedSession) }),
  }),
  { ...asked(`${one}/suspend`, 'Confirms suspending an account.'), ...others },
  done(`${one}/suspend`, 'Suspend an account and end its sessions.', others),
  done(`${one}/restore`, 'Restore a suspended account.'),
  asked(`${one}/end-sessions`, 'Confirms signing a user out.'),
  done(`${one}/end-sessions`, 'Sign a user out everywhere.'),
  done(`${one}/send-reset`, 'E-mail a user the link to choose a new password.'),
  { ...asked(`${one}/factors/delete`, 'Confirms removing second factors.'), ...others },
  done(`${one}/factors/delete`, 'Remove every second factor and end every session.', others),
  {
    ...done(`${one}/factors`, 'Remove every second factor and end every session.', others),
    method: 'delete',
  },
  { ...asked(`${one}/delete`, 'Confirms deleting an account.'), ...others },
  done(`${one}/delete`, 'Delete an account.', others),
  asked(`${one}/roles`, "The form for a user's roles."),
  done(`${one}/roles`, "Replace a user's roles.", {
    body: rolesInput,
    problems: { ...others.problems, 409: ['changed_meanwhile'] },
  }),
  asked(session, 'Confirms ending one session.'),
  done(session, 'End one session of a user.'),
  shown(paths.adminInvites, 'Invitations with their state, a page at a time.', {
    query: pageInput.extend({ notice: z.string().optional() }),
    schema: invitePage,
  }),
  asked(paths.adminNewInvite, 'The form for an invitation.'),
  {
    ...done(paths.adminInvites, 'Create an invitation; with an address, e-mail it.', {
      body: inviteFormInput,
    }),
    answers: { 201: jsonOrPage('The link, shown only this once.', madeInvite) },
  },
  asked(invite, 'Confirms revoking an invitation.'),
  done(invite, 'Revoke an invitation.', { problems: { 409: ['invite_used'] } }),
]
