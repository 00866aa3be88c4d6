/** What a page says after sessions were ended. */
export const sessionNotices = {
  session_ended: 'That session was ended.',
  others_ended: 'Every other session was ended.',
}

export type SessionNotice = keyof typeof sessionNotices
