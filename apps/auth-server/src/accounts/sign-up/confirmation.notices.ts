/** The notice after an account was confirmed. */
export const confirmationNotices = {
  confirmed: 'Your account is confirmed. You can sign in now.',
}
