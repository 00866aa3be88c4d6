/**
 * Seconds by which the clocks of two servers may differ: each end of a token's life moves by as
 * much.
 */
export const CLOCK_TOLERANCE_SECONDS = 5
