import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Everything that happened in a run, one JSON object a line, in the order it was seen. */
export type History = {
  folder: string
  path: string
  record(event: { what: string } & Record<string, unknown>): void
}

/** A history in a folder of its own, where the processes' logs go too. */
export function openHistory(folder: string): History {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'history.jsonl')
  const began = performance.now()
  return {
    folder,
    path,
    record(event) {
      const ms = Math.round(performance.now() - began)
      // At once: it has to be there when this process is what dies.
      appendFileSync(path, `${JSON.stringify({ ms, ...event })}\n`)
    },
  }
}
