/** The notice after a password reset. */
export const passwordResetNotices = {
  reset: 'Password changed, and all your sessions have ended. Sign in with the new password.',
}
