/** What a page says after somebody changed their own account. */
export const accountNotices = {
  password: 'Your password is changed. Your other sessions were ended.',
  email: 'Your e-mail address is changed. Your other sessions were ended.',
  email_changed: 'Your e-mail address is changed. Sign in again.',
  email_sent: 'We sent a link to the new address. It takes effect once you follow that link.',
  factor_added: 'It is set up. From now on it confirms that it is you.',
  factor_removed: 'It is removed. It does not sign you in any more.',
  deleted: 'Your account is deleted.',
}

export type AccountNotice = keyof typeof accountNotices
