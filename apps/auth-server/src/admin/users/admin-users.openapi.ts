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

/** Users and invitations, seen and changed by admins. */
export const adminUserOperations: Operation[] = [
  shown(paths.adminUsers, 'Users by name, a page at a time.', {
    query: searchInput.extend({ notice: z.string().optional() }),
    schema: found,
  }),
  shown(one, 'One user, and where they are signed in.', {
    schema: z.object({ user, sessions: z.array(listedSession) }),
  }),
  { ...asked(`${one}/suspend`, 'Asks before an account is suspended.'), ...others },
  done(`${one}/suspend`, 'Sign a user out everywhere, and let them in no more.', others),
  done(`${one}/restore`, 'Let a suspended user sign in again.'),
  asked(`${one}/end-sessions`, 'Asks before a user is signed out.'),
  done(`${one}/end-sessions`, 'Sign a user out everywhere.'),
  done(`${one}/send-reset`, 'Mail a user the link to choose a new password.'),
  { ...asked(`${one}/factors/delete`, 'Asks before second factors are removed.'), ...others },
  done(`${one}/factors/delete`, 'Remove every second factor, and end every session.', others),
  {
    ...done(`${one}/factors`, 'Remove every second factor, and end every session.', others),
    method: 'delete',
  },
  { ...asked(`${one}/delete`, 'Asks before an account is deleted.'), ...others },
  done(`${one}/delete`, 'Delete an account.', others),
  asked(`${one}/roles`, 'The form for the roles of a user.'),
  done(`${one}/roles`, 'Give a user these roles and no others.', {
    body: rolesInput,
    problems: { ...others.problems, 409: ['changed_meanwhile'] },
  }),
  asked(session, 'Asks before one session is ended.'),
  done(session, 'End one session of a user.'),
  shown(paths.adminInvites, 'Invitations with their state, a page at a time.', {
    query: pageInput.extend({ notice: z.string().optional() }),
    schema: invitePage,
  }),
  asked(paths.adminNewInvite, 'The form for an invitation.'),
  {
    ...done(paths.adminInvites, 'Invite somebody; with an address a mail goes there.', {
      body: inviteFormInput,
    }),
    answers: { 201: jsonOrPage('The link, told this once.', madeInvite) },
  },
  asked(invite, 'Asks before an invitation is revoked.'),
  done(invite, 'Revoke an invitation.', { problems: { 409: ['invite_used'] } }),
]
