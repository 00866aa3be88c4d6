import { once } from 'node:events'
import express, { type Express } from 'express'
import { createLogger } from '../process/create-logger.ts'

/** A logger, with what it wrote: `events` as objects, `lines` as text. */
export function recordedLogger({ pretty = false } = {}) {
  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) }
  const logger = createLogger({ name: 'test', level: 'info', pretty, destination })
  return { logger, lines, events: () => lines.map((line) => JSON.parse(line)) }
}

/** An app set up like ours, without routes. */
export function bareApp(): Express {
  return express().disable('x-powered-by')
}

/** Serves an app on a free port, for tests that need the raw connection. */
export async function serve(app: Express): Promise<{ port: number; close: () => void }> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return { port: address.port, close: () => void server.close() }
}
