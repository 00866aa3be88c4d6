import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { Express } from 'express'
import type { Connection } from 'mongoose'

/** A parameter of a MongoDB URL that makes the driver report each command. */
export const watched = 'monitorCommands=true'

/**
 * Wraps the app and records the MongoDB commands of each request until it is answered: the command, the
 * collection and the fields of inserted documents. Background work is not recorded.
 */
export function noteCommands(app: Express, connection: Connection) {
  const ofRequest = new AsyncLocalStorage<string[]>()
  const answered: string[][] = []
  connection.getClient().on('commandStarted', ({ commandName, command }) => {
    const fields = Object.keys(command.documents?.[0] ?? {})
    ofRequest.getStore()?.push([commandName, command[commandName], ...fields].join(' '))
  })

  const noted = createServer((req, res) => {
    const commands: string[] = []
    res.once('finish', () => answered.push([...commands]))
    ofRequest.run(commands, () => app(req, res))
  })

  /** The commands of each request answered so far, in order. */
  return { app: noted, answered }
}
