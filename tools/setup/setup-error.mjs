/** What stands in the way, with what to do about it: printed as it is. */
export class SetupError extends Error {}
