import type { CliContext } from './cli-context.ts'
import type { Client } from '../oauth/clients/client.model.ts'
import { findClient } from '../oauth/clients/find-client.ts'
import { CliError } from './cli-error.ts'

/** The client with that id. @throws CliError where there is none */
export async function clientWithId(cli: CliContext, id: string): Promise<Client> {
  const client = await findClient((await cli.tokens()).clients, id)
  if (client) return client
  const message = `There is no client ${id}. They are listed by: pnpm cli client list`
  throw new CliError({ code: 'no_such_client', message })
}
