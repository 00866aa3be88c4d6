/** A mutant that may live, because nothing can notice it. */
export type Accepted = {
  file: string
  /** The line that it changes. */
  code: string
  change: string
  because: string
}

export const accepted: Accepted[] = []
