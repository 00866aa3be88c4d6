import { join } from 'node:path'
import { createConnection } from 'mongoose'
import { findFreePort } from '../../tools/services/free-port.ts'
import { run } from '../start-app.ts'
import type { Trial } from '../trial.ts'

/** If the unique index cannot be created, auth-server does not listen. */
export function bootWithoutUniqueIndex(): Trial {
  return {
    ids: 'F9',
    fault: 'unique index cannot be created',
    moment: 'start of auth-server',
    planned: 1,
    maySee: [],
    async run({ system, history, observed, problem }) {
      const url = `${system.mongo.url}/twice`
      const connection = await createConnection(url).asPromise()
      const twice = { usernameKey: 'ada', emailKey: 'ada@mail.test' }
      await connection.collection('users').insertMany([
        { ...twice, invite: 'one' },
        { ...twice, invite: 'two' },
      ])
      await connection.close()
      const port = await findFreePort()
      const logFile = join(history.folder, 'auth-server-without-index.log')
      const env = { ...system.env, MONGO_URL: url }
      const child = await run({ name: 'auth-server', port, env, logFile })
      const { code } = await child.ended
      if (code !== 1) problem(`auth-server ended with ${code}`)
      if (child.lastWords().includes('listening')) problem('auth-server listened')
      observed('it did not start')
    },
  }
}
