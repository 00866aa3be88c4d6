/** How long a session lasts unless told otherwise: without use, and in any case. */
export const usualDays = { idle: 14, absolute: 90 } as const
