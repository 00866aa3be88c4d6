import type { SessionNotice } from '../sessions/sessions.notices.ts'

/** What the admin pages say after a change. */
export const adminNotices = {
  user_suspended: 'The account is suspended and signed out everywhere.',
  user_restored: 'The account is restored. Its user can sign in again.',
  user_signed_out: 'The user is signed out everywhere.',
  user_deleted: 'The account is deleted.',
  reset_sent: 'An e-mail with a link to choose a new password is on its way.',
  reset_sent_before:
    'This e-mail was already sent less than five minutes ago, so it was not sent again.',
  factors_reset: 'The second factors are removed and the user is signed out everywhere.',
  roles_changed: 'The roles are changed and the user is signed out everywhere.',
  roles_same: 'The user already has these roles. Nothing was changed.',
  invite_revoked: 'The invitation is revoked: its link no longer works.',
  invite_revoked_before: 'This invitation was already revoked. Nothing was changed.',
  invite_used: 'This invitation was already used. It and the account stay as they are.',
  client_exists: 'This client is already registered. Its secret was shown once, at that time.',
  client_saved: 'The changes are saved.',
  client_removed: 'The client is removed and its tokens no longer work.',
  client_changed: 'This was already done, or someone else was faster. Nothing was changed.',
  key_rotated: 'The new key is published. It signs from the time shown below.',
  key_replaced: 'The new key signs now. Everything the old keys signed is refused.',
  mail_replayed: 'The e-mail is queued again and starts with its first attempt.',
  mails_replayed: 'All dead e-mails are queued again and start with their first attempt.',
  mail_dropped: 'E-mail discarded.',
  mails_dropped: 'All dead e-mails discarded.',
  mail_gone: 'There was nothing left to change.',
  address_lifted: 'Address unblocked. People can sign in from there again.',
  address_free: 'That address was no longer blocked.',
}

/** Any notice of the admin pages, including those about a user's sessions. */
export type AdminNotice = keyof typeof adminNotices | SessionNotice
