/** What every measurement is given. */
export type Bench = {
  redisUrl: string
  /** For its keys in Redis: they are removed at the end. */
  prefix: string
  print: (line: string) => void
}
