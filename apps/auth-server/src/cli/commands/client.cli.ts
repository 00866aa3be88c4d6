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
import { readJwks } from '../read-jwks.ts'
import { createKeyring } from '../../oauth/clients/keyring.ts'

type NewClient = {
  name: string
  kind: string
  redirectUri?: string[]
  scope?: string[]
  audience?: string[]
  alg?: string
  idTokenAlg?: string
  pkce?: string
  postLogoutRedirectUri?: string[]
  backchannelLogoutUri?: string
  jwksFile?: string
}

const kinds = `Kinds: "site" signs people in with the code flow and keeps a secret; "app" does so without a secret, on
people's own devices or in a browser; "first_party" is your own app and may also send passwords;
"machine" gets tokens for itself, not for a user; "resource_server" is an API or a Lambda that accepts
tokens: it has its own audience and the scopes that a user's session grants.

OpenID Connect: add the scopes openid, profile, email and offline_access to clients that may use them.

Signing algorithms: ES256 for access tokens and RS256 for id_tokens by default. The built-in JWT
authorizer of API Gateway accepts RS256 only.`

/** `client`: the sites and APIs that receive or check tokens. */
export function addClientCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'client',
    summary: 'Client sites, apps and APIs that receive or check tokens.',
    examples: ['client list', 'client rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d'],
  })
  addCommand(group, {
    usage: 'add',
    summary: 'Register a client and print its id and secret, only this once.',
    details: kinds,
    examples: [
      'client add --name Orders --kind resource_server --audience https://api.example --scope orders:read',
      'client add --name Shop --kind site --redirect-uri https://shop.example/cb --scope orders:read --audience https://api.example --json',
    ],
  })
    .requiredOption('--name <name>', 'the name people see')
    .requiredOption('--kind <kind>', 'site, app, first_party, machine or resource_server')
    .option('--redirect-uri <uri...>', 'where the code flow may return to (exact match)')
    .option(
      '--post-logout-redirect-uri <uri...>',
      'where a browser may return to after signing out',
    )
    .option('--backchannel-logout-uri <uri>', 'where the site is notified of the end of a sign-in')
    .option(
      '--audience <audience...>',
      "an audience it may ask tokens for; a resource server's own audience",
    )
    .option('--scope <scope...>', 'a scope it may ask for')
    .option('--pkce <rule>', 'required, optional (with a nonce) or off (required)')
    .option('--jwks-file <file>', 'its public keys, to sign assertions instead of sending a secret')
    .option('--alg <alg>', 'algorithm of its access tokens: ES256, RS256 or EdDSA (ES256)')
    .option('--id-token-alg <alg>', 'algorithm of its id_tokens: RS256, ES256 or EdDSA (RS256)')
    .action(answer((options: NewClient) => add(cli, options)))

  addCommand(group, {
    usage: 'list',
    summary: 'Every client, newest first.',
    examples: ['client list --json'],
  }).action(answer(() => list(cli)))

  addChangeClientCommands(group, cli)
}

async function add(cli: CliContext, options: NewClient): Promise<Answer> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { name, redirectUri = [], scope = [], audience = [], alg, idTokenAlg, pkce } = options
  // Also accepts first-party, spelled like an option.
  const kind = options.kind.replaceAll('-', '_')
  const audiences =
    kind === 'resource_server'
      ? { audience: audience.length > 1 ? audience.join(' ') : audience[0] }
      : { audiences: audience }
  const input = {
    name,
    kind,
    redirectUris: redirectUri,
    postLogoutRedirectUris: options.postLogoutRedirectUri,
    backchannelLogoutUri: options.backchannelLogoutUri,
    pkce,
    idTokenAlg,
    ...(await readJwks(options)),
    scopes: scope.flatMap((text) => text.split(' ')),
    alg,
    ...audiences,
  }
  const config = cli.config()
  const keyring = createKeyring(config.keyEncryptionKeys)
  const deps = { ...(await cli.tokens()), keyring, audit: await cli.audit(), config }
  const { client, secret } = await addClient(deps, validate(newClientInput, input), null)
  const described = describeClient(client)
  const shown = secret === '' ? {} : { client_secret: secret }
  const json = { client_id: client.id, ...shown, ...described }
  const lines =
    secret === '' ? [] : [`client_secret  ${secret}`, '', 'The secret is shown only this once.']
  const text = [`client_id      ${client.id}`, ...lines, ...pkceWarning(client)].join('\n')
  return { json, text }
}

function pkceWarning({ pkce }: { pkce: string }): string[] {
  return pkce === 'off'
    ? [
        '',
        'Warning: without PKCE, a leaked code signs a stranger in. Use this for old clients only.',
      ]
    : []
}

async function list(cli: CliContext): Promise<Answer> {
  const clients = await listClients((await cli.tokens()).clients)
  const headings = ['id', 'name', 'kind', 'audiences', 'scopes', 'alg', 'created', 'last used']
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
  const text = drawTable(
    headings,
    rows,
    'There are no clients yet: npm run cli -- client add --help',
  )
  return { json: { clients: clients.map(describeClient) }, text }
}
