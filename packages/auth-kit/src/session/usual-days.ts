/** Default lifetime of a session, in days: without use, and in all. */
export const usualDays = { idle: 14, absolute: 90 } as const

/** Default lifetime of an unused session without a user. */
export const USUAL_VISITOR_HOURS = 2
