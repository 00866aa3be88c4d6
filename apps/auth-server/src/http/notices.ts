import type { Site } from './render-page.ts'

/** What a page says about what was done just before, by the name it goes by in the address. */
const notices = {
  confirmed: 'Your account is confirmed. You can sign in now.',
  reset: 'Your password is changed, and every session was ended. Sign in with the new password.',
  deleted: 'Your account is deleted.',
  email_changed: 'Your e-mail address is changed. Sign in again.',
  password: 'Your password is changed. Your other sessions were ended.',
  email_sent: 'We sent a link to the new address. It takes effect once you follow that link.',
  session_ended: 'That session was ended.',
  others_ended: 'Every other session was ended.',
  email: 'Your e-mail address is changed. Your other sessions were ended.',
  user_suspended: 'The account is suspended, and signed out everywhere.',
  user_restored: 'The account is restored: its user may sign in again.',
  user_signed_out: 'The user is signed out everywhere.',
  user_deleted: 'The account is deleted.',
  reset_sent: 'A mail with a link to choose a new password is on its way.',
  reset_sent_before: 'Such a mail went out less than five minutes ago, so no other was sent.',
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

export type Notice = keyof typeof notices

/** The address of a page that is to show that notice. */
export function noticeUrl(site: Site, path: string, notice: Notice): string {
  return `${site.url(path)}?notice=${notice}`
}

/** The words for a name in an address; empty for any other. */
export function noticeText(name: unknown): string {
  const found = Object.entries(notices).find(([notice]) => notice === name)
  return found?.[1] ?? ''
}
