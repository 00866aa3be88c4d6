/** How long a session lasts unless told otherwise: without use, and in any case. */
export const usualDays = { idle: 14, absolute: 90 } as const

/** The same for a session without a user that is not used. */
export const USUAL_VISITOR_HOURS = 2
