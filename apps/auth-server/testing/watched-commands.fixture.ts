import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { Express } from 'express'
import type { Connection } from 'mongoose'

/** In the address of a MongoDB: the driver tells of each command. */
export const watched = 'monitorCommands=true'

/**
 * The app, which notes what each request has MongoDB do until it is answered: command and
 * collection, and the fields of what is stored. What runs beside requests is not noted.
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
