/** What a page says after sessions were ended. */
export const sessionNotices = {
  session_ended: 'That session was ended.',
  signed_out: 'You are signed out.',
  others_ended: 'Every other session was ended.',
}

export type SessionNotice = keyof typeof sessionNotices
