/** The notices after users have changed their own account. */
export const accountNotices = {
  password: 'Password changed. Your other sessions have ended.',
  email: 'E-mail address changed. Your other sessions have ended.',
  email_changed: 'E-mail address changed. Sign in again.',
  email_sent: 'We sent a link to the new address. Follow it to complete the change.',
  email_resent:
    'We sent the link again, at most once in five minutes. Check your spam folder, too.',
  email_cancelled: 'Cancelled. Your e-mail address stays as it is.',
  factor_added: 'Second factor added. You use it the next time you sign in.',
  passkey_renamed: 'The passkey has its new name.',
  factor_removed: 'Second factor removed. It no longer signs you in.',
  deleted: 'Your account is deleted.',
}

export type AccountNotice = keyof typeof accountNotices
