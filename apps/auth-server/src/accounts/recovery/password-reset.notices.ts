/** The notice after a password reset. */
export const passwordResetNotices = {
  reset: 'Your password is changed, and all sessions are ended. Sign in with the new password.',
}
