import { findUserById, findUserByLogin } from '../users/find-user.ts'
import type { User, Users } from '../users/user.model.ts'
import { CliError } from './cli-error.ts'
import type { CliContext } from './cli-context.ts'
import type { Client } from '../oauth/clients/client.model.ts'
import { findClient } from '../oauth/clients/find-client.ts'

/** The user with this name, e-mail address or id. @throws CliError if there is no such user */
export async function findUserByName(users: Users, text: string): Promise<User> {
  const user = (await findUserByLogin(users, text)) ?? (await findUserById(users, text))
  if (user) return user
  const message = `There is no user "${text}". Search with: npm run cli -- users list --search …`
  throw new CliError({ code: 'no_such_user', message })
}

/** The client with this id. @throws CliError if there is no such client */
export async function findClientById(cli: CliContext, id: string): Promise<Client> {
  const client = await findClient((await cli.tokens()).clients, id)
  if (client) return client
  const message = `There is no client ${id}. List them with: npm run cli -- client list`
  throw new CliError({ code: 'no_such_client', message })
}
