import type { Command } from 'commander'
import { validate } from 'service-kit'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../cli/add-command.ts'
import { type Answer, answer } from '../cli/answer.ts'
import { askWhether } from '../cli/ask.ts'
import { CliError } from '../cli/cli-error.ts'
import { drawMoment, drawTable } from '../cli/draw-table.ts'
import { addClient } from './add-client.ts'
import { newClientInput } from './client-input.ts'
import type { Client } from './client.model.ts'
import { describeClient } from './describe-client.ts'
import { findClient, listClients } from './find-client.ts'
import { createKeyring } from './keyring.ts'
import { removeClient } from './remove-client.ts'
import { rotateClientSecret } from './rotate-client-secret.ts'

type NewClient = {
  name: string
  kind: string
  redirectUri?: string[]
  scope?: string[]
  audience?: string[]
  alg?: string
}

const kinds = `Kinds: "site" signs people in by the code flow; "first_party" is an app of your own that may also
hand over passwords; "resource_server" is an API, a Lambda, that tokens are for: it has an
audience of its own and tells which scopes a user's own session gives.

Signing algorithms: EdDSA (the usual one), ES256, or RS256, the only one that the built-in JWT
authorizer of API Gateway takes.`

/** `client`: the sites and APIs that tokens are given to and checked by. */
export function addClientCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'client',
    summary: 'Client sites, apps and APIs: who gets tokens and who checks them.',
    examples: ['client list', 'client rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d'],
  })
  addCommand(group, {
    usage: 'add',
    summary: 'Register a client and print its id and secret, this once.',
    details: kinds,
    examples: [
      'client add --name Orders --kind resource_server --audience https://api.example --scope orders:read',
      'client add --name Shop --kind site --redirect-uri https://shop.example/cb --scope orders:read --audience https://api.example --json',
    ],
  })
    .requiredOption('--name <name>', 'what people read')
    .requiredOption('--kind <kind>', 'site, first_party or resource_server')
    .option('--redirect-uri <uri...>', 'where the code flow may come back to, to the letter')
    .option('--audience <audience...>', 'what it asks tokens for; of a resource server, its own')
    .option('--scope <scope...>', 'what it may ask for')
    .option('--alg <alg>', 'what its tokens are signed with (EdDSA)')
    .action(answer((options: NewClient) => add(cli, options)))

  addCommand(group, {
    usage: 'list',
    summary: 'Every client, the newest first.',
    examples: ['client list --json'],
  }).action(answer(() => list(cli)))

  addCommand(group, {
    usage: 'rotate <id>',
    summary: 'Give a client another secret; the one before stays good for a while.',
    examples: ['client rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --overlap-hours 48'],
  })
    .option('--overlap-hours <n>', 'how long the secret before stays good, 0 to 720 (24)')
    .action(answer((id: string, options: { overlapHours?: string }) => rotate(cli, id, options)))

  addCommand(group, {
    usage: 'remove <id>',
    summary: 'Remove a client, which ends its tokens. This cannot be undone.',
    examples: ['client remove 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --yes'],
  })
    .option('--yes', 'do not ask')
    .action(answer((id: string, options: { yes?: boolean }) => remove(cli, id, options)))
}

async function add(cli: CliContext, options: NewClient): Promise<Answer> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { name, kind, redirectUri = [], scope = [], audience = [], alg } = options
  const audiences =
    kind === 'resource_server'
      ? { audience: audience.length > 1 ? audience.join(' ') : audience[0] }
      : { audiences: audience }
  const input = {
    name,
    kind,
    redirectUris: redirectUri,
    scopes: scope.flatMap((text) => text.split(' ')),
    alg,
    ...audiences,
  }
  const keyring = createKeyring(cli.config().keyEncryptionKeys)
  const { clients } = await cli.tokens()
  const { client, secret } = await addClient({ clients, keyring }, validate(newClientInput, input))
  const described = describeClient(client)
  const json = { client_id: client.id, client_secret: secret, ...described }
  const text = `client_id      ${client.id}\nclient_secret  ${secret}\n\nThe secret is shown this once.`
  return { json, text }
}

async function list(cli: CliContext): Promise<Answer> {
  const clients = await listClients((await cli.tokens()).clients)
  const headings = ['id', 'name', 'kind', 'audiences', 'scopes', 'alg', 'made', 'last used']
  const rows = clients
    .map(describeClient)
    .map((client) => [
      client.id,
      client.name,
      client.kind,
      client.audiences.join(' '),
      client.scopes.join(' '),
      client.alg ?? '',
      drawMoment(client.createdAt),
      client.lastUsedAt === null ? 'never' : drawMoment(client.lastUsedAt),
    ])
  const text = drawTable(headings, rows, 'There is no client yet: pnpm cli client add --help')
  return { json: { clients: clients.map(describeClient) }, text }
}

async function rotate(
  cli: CliContext,
  id: string,
  { overlapHours = '24' }: { overlapHours?: string },
): Promise<Answer> {
  if (!/^\d{1,3}$/.test(overlapHours) || Number(overlapHours) > 720)
    throw new CliError({
      code: 'wrong_usage',
      message: '--overlap-hours takes a number from 0 to 720.',
      exitCode: 2,
    })
  const { clients } = await cli.tokens()
  const client = await clientNamed(cli, id)
  const hours = Number(overlapHours)
  const { secret, previousEndsAt } = await rotateClientSecret(clients, client, {
    overlapHours: hours,
  })
  const until = hours === 0 ? 'is over' : `stays good until ${drawMoment(previousEndsAt)}`
  return {
    json: { client_id: id, client_secret: secret, previousEndsAt },
    text: `client_secret  ${secret}\n\nIt is shown this once. The secret before ${until}.`,
  }
}

async function remove(cli: CliContext, id: string, options: { yes?: boolean }): Promise<Answer> {
  const { name } = await clientNamed(cli, id)
  await askWhether(`Remove ${name} and end its tokens?`, options)
  await removeClient((await cli.tokens()).clients, id)
  return { json: { client_id: id }, text: `${name} is removed.` }
}

/** @throws CliError where there is none */
export async function clientNamed(cli: CliContext, id: string): Promise<Client> {
  const client = await findClient((await cli.tokens()).clients, id)
  if (client) return client
  const message = `There is no client ${id}. They are listed by: pnpm cli client list`
  throw new CliError({ code: 'no_such_client', message })
}
