/** What a page says after sessions have ended. */
export const sessionNotices = {
  session_ended: 'The session has ended.',
  signed_out: 'You are signed out.',
  others_ended: 'All other sessions have ended.',
}

export type SessionNotice = keyof typeof sessionNotices
