/** Default lifetime of a session, in days: without use, and in all. */
export const defaultDays = { idle: 14, absolute: 90 } as const

/** Default lifetime of an unused session without a user. */
export const DEFAULT_VISITOR_HOURS = 2
