import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Everything that happened in a run, one JSON object per line, in the order of observation. */
export type History = {
  folder: string
  path: string
  record(event: { what: string } & Record<string, unknown>): void
}

/** A history in a folder of its own, together with the processes' logs. */
export function openHistory(folder: string): History {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'history.jsonl')
  const began = performance.now()
  return {
    folder,
    path,
    record(event) {
      const ms = Math.round(performance.now() - began)
      // Synchronous, because this process may be the one that dies.
      appendFileSync(path, `${JSON.stringify({ ms, ...event })}\n`)
    },
  }
}
