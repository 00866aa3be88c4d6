// A process ends once, so this is the one piece of state that belongs to the process itself.
let draining = false

/** Whether this process is on its way out: it answers what arrives, and wants no new work. */
export function isDraining(): boolean {
  return draining
}

/** Says that the process is on its way out. */
export function startDraining(): void {
  draining = true
}
