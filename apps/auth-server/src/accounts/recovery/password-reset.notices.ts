/** What a page says after a password was reset by a mail's link. */
export const passwordResetNotices = {
  reset: 'Your password is changed, and every session was ended. Sign in with the new password.',
}
