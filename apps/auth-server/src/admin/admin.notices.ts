import type { SessionNotice } from '../sessions/sessions.notices.ts'

/** What the admin pages say after something was done. */
export const adminNotices = {
  user_suspended: 'The account is suspended, and signed out everywhere.',
  user_restored: 'The account is restored: its user may sign in again.',
  user_signed_out: 'The user is signed out everywhere.',
  user_deleted: 'The account is deleted.',
  reset_sent: 'A mail with a link to choose a new password is on its way.',
  reset_sent_before: 'Such a mail went out less than five minutes ago, so no other was sent.',
  factors_reset: 'The second factors are removed, and the user is signed out everywhere.',
  roles_changed: 'The roles are changed, and the user is signed out everywhere.',
  roles_same: 'These were the roles already: nothing was changed.',
  invite_revoked: 'The invitation is revoked: its link lets nobody in.',
  invite_revoked_before: 'That invitation was revoked before: nothing was changed.',
  invite_used: 'That invitation was used before: it stays as it is, and so does the account.',
  client_exists:
    'This client was registered just before. Its secret was shown then, and never again.',
  client_saved: 'The changes are saved.',
  client_removed: 'The client is removed, and its tokens are worth nothing any more.',
  client_changed: 'That was done before, or somebody else was faster: nothing was changed now.',
  key_rotated:
    'There is another key. It is published now and signs from the moment that is said below.',
  key_replaced: 'There is another key. Whatever the keys before signed is refused from now on.',
  mail_replayed: 'The mail is tried again, from the first try on.',
  mails_replayed: 'Every dead mail is tried again, from the first try on.',
  mail_dropped: 'The mail is thrown away.',
  mails_dropped: 'The dead mails are thrown away.',
  mail_gone: 'It was not there any more: nothing was changed.',
  address_lifted: 'The suspension is lifted: people can sign in from there at once.',
  address_free: 'That address was not suspended any more.',
}

/** What they say beside; a session ends on its user's pages, too. */
export type AdminNotice = keyof typeof adminNotices | SessionNotice
