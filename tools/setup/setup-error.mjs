/** A problem of the machine, with the way to solve it. Its message is printed as it is. */
export class SetupError extends Error {}
