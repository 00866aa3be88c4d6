import type { Command } from 'commander'
import { validate } from 'service-kit'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { addClient } from '../../oauth/clients/add-client.ts'
import { addChangeClientCommands } from './change-client.cli.ts'
import { newClientInput } from '../../oauth/clients/client-input.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { listClients } from '../../oauth/clients/find-client.ts'
import { createKeyring } from '../../oauth/clients/keyring.ts'

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

  addChangeClientCommands(group, cli)
}

async function add(cli: CliContext, options: NewClient): Promise<Answer> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { name, redirectUri = [], scope = [], audience = [], alg } = options
  // As options are written: first-party.
  const kind = options.kind.replaceAll('-', '_')
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
  const deps = { ...(await cli.tokens()), keyring, audit: await cli.audit() }
  const { client, secret } = await addClient(deps, validate(newClientInput, input), null)
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
  const text = drawTable(headings, rows, 'There is no client yet: npm run cli -- client add --help')
  return { json: { clients: clients.map(describeClient) }, text }
}
