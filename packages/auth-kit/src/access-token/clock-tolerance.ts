/** By how much the clocks of two servers may differ, s: each end of a token's life is as much off. */
export const CLOCK_TOLERANCE_SECONDS = 5
