/** Allowed clock difference between two servers, s. Extends a token's lifetime at both ends. */
export const CLOCK_TOLERANCE_SECONDS = 5
