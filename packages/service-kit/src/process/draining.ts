// A process ends only once, so this state belongs to the process.
let draining = false

/** Whether this process is shutting down: it answers requests that arrive, and takes no new work. */
export function isDraining(): boolean {
  return draining
}

/** Marks the process as shutting down. */
export function startDraining(): void {
  draining = true
}
