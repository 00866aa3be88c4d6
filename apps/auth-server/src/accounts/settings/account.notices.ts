/** The notices after users have changed their own account. */
export const accountNotices = {
  password: 'Your password is changed. Your other sessions are ended.',
  email: 'Your e-mail address is changed. Your other sessions are ended.',
  email_changed: 'Your e-mail address is changed. Sign in again.',
  email_sent: 'We sent a link to the new address. The change takes effect once you follow it.',
  factor_added: 'It is set up. From now on you can use it to sign in.',
  factor_removed: 'It is removed. You can no longer sign in with it.',
  deleted: 'Your account is deleted.',
}

export type AccountNotice = keyof typeof accountNotices
