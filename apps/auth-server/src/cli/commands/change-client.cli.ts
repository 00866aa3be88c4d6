import type { Command } from 'commander'
import { validate } from 'service-kit'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { findClientById } from '../find-named.ts'
import { drawMoment } from '../format-table.ts'
import { wrongUsage } from '../cli-error.ts'
import { clientChangesInput } from '../../oauth/clients/client-input.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { type Client, signingAlgorithms } from '../../oauth/clients/client.model.ts'
import { readJwks } from '../read-jwks.ts'
import { createKeyring } from '../../oauth/clients/keyring.ts'
import { rotateSigningKey } from '../../oauth/clients/rotate-signing-key.ts'
import { editClient } from '../../oauth/clients/edit-client.ts'
import { removeClient } from '../../oauth/clients/remove-client.ts'
import { rotateClientSecret } from '../../oauth/clients/rotate-client-secret.ts'

const algInput = z.object({ alg: z.enum(signingAlgorithms) })

type Changes = {
  name?: string
  redirectUri?: string[]
  postLogoutRedirectUri?: string[]
  backchannelLogoutUri?: string
  scope?: string[]
  audience?: string[]
  pkce?: string
  alg?: string
  idTokenAlg?: string
  jwksFile?: string
}

/** `client edit`, `rotate` and `remove`. */
export function addChangeClientCommands(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'edit <id>',
    summary: 'Change the name, URIs, audiences and scopes of a client.',
    details: `Omitted options stay as they are; a list replaces the previous one. Issued tokens keep their scope.
The kind and a resource server's own audience cannot be changed: add another client instead.`,
    examples: [
      'client edit 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --name Shop --redirect-uri https://shop.example/cb',
    ],
  })
    .option('--name <name>', 'the name people see')
    .option('--redirect-uri <uri...>', 'where the code flow may return to (exact match)')
    .option(
      '--post-logout-redirect-uri <uri...>',
      'where a browser may return to after signing out',
    )
    .option('--backchannel-logout-uri <uri>', 'where the site is notified of the end of a sign-in')
    .option('--audience <audience...>', 'an audience it may ask tokens for')
    .option('--scope <scope...>', 'a scope it may ask for')
    .option('--pkce <rule>', 'required, optional (with a nonce) or off')
    .option(
      '--alg <alg>',
      'algorithm of its access tokens: ES256, RS256 or EdDSA; takes effect in 15 minutes',
    )
    .option('--id-token-alg <alg>', 'algorithm of its id_tokens: RS256, ES256 or EdDSA')
    .option('--jwks-file <file>', 'its public keys, to sign assertions instead of sending a secret')
    .action(answer((id: string, options: Changes) => edit(cli, id, options)))

  addCommand(group, {
    usage: 'rotate <id>',
    summary: 'Give a client a new secret; the previous one stays valid for a while.',
    examples: ['client rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --overlap-hours 48'],
  })
    .option('--overlap-hours <n>', 'how long the previous secret stays valid, 0 to 720 (24)')
    .action(answer((id: string, options: { overlapHours?: string }) => rotate(cli, id, options)))

  addCommand(group, {
    usage: 'remove <id>',
    summary: 'Remove a client and end its tokens. This cannot be undone.',
    examples: ['client remove 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --yes'],
  })
    .option('--yes', 'skip the confirmation')
    .action(answer((id: string, options: { yes?: boolean }) => remove(cli, id, options)))
}

async function edit(cli: CliContext, id: string, options: Changes): Promise<Answer> {
  const { name, redirectUri, scope, audience, pkce, alg, idTokenAlg } = options
  const { postLogoutRedirectUri, backchannelLogoutUri } = options
  const given = {
    ...(name !== undefined && { name }),
    ...(redirectUri && { redirectUris: redirectUri }),
    ...(postLogoutRedirectUri && { postLogoutRedirectUris: postLogoutRedirectUri }),
    ...(backchannelLogoutUri !== undefined && {
      backchannelLogoutUri: backchannelLogoutUri === '' ? null : backchannelLogoutUri,
    }),
    ...(pkce !== undefined && { pkce }),
    ...(idTokenAlg !== undefined && { idTokenAlg }),
    ...(await readJwks(options)),
    ...(scope && { scopes: scope.flatMap((text) => text.split(' ')) }),
    ...(audience && { audiences: audience }),
  }
  if (Object.keys(given).length === 0 && alg === undefined)
    throw wrongUsage('Name at least one change: see --help.')
  const client = await findClientById(cli, id)
  const deps = { ...(await cli.tokens()), audit: await cli.audit() }
  const changes = validate(clientChangesInput, given)
  const edited = await editClient(deps, client, { ...changes, from: null })
  if (alg !== undefined) await changeAlgorithm(cli, edited, alg)
  return { json: describeClient(edited), text: `${edited.name} is changed.` }
}

/** A key of the new algorithm takes over once resource servers know it. */
async function changeAlgorithm(cli: CliContext, client: Client, alg: string): Promise<void> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { keyEncryptionKeys, refreshDays } = cli.config()
  const deps = {
    ...(await cli.tokens()),
    keyring: createKeyring(keyEncryptionKeys),
    refreshDays,
    audit: await cli.audit(),
  }
  await rotateSigningKey(deps, client, { alg: validate(algInput, { alg }).alg, from: null })
}

async function rotate(
  cli: CliContext,
  id: string,
  { overlapHours = '24' }: { overlapHours?: string },
): Promise<Answer> {
  if (!/^\d{1,3}$/.test(overlapHours) || Number(overlapHours) > 720)
    throw wrongUsage('--overlap-hours takes a number from 0 to 720.')
  const client = await findClientById(cli, id)
  const hours = Number(overlapHours)
  const deps = { ...(await cli.tokens()), audit: await cli.audit() }
  const rotation = { overlapHours: hours, from: null }
  const { secret, previousEndsAt } = await rotateClientSecret(deps, client, rotation)
  const until = hours === 0 ? 'has ended' : `stays valid until ${drawMoment(previousEndsAt)}`
  return {
    json: { client_id: id, client_secret: secret, previousEndsAt },
    text: `client_secret  ${secret}\n\nIt is shown only this once. The previous secret ${until}.`,
  }
}

async function remove(cli: CliContext, id: string, options: { yes?: boolean }): Promise<Answer> {
  const { name } = await findClientById(cli, id)
  await askWhether(`Remove ${name} and end its tokens?`, options)
  const deps = { ...(await cli.tokens()), audit: await cli.audit() }
  await removeClient(deps, { id, from: null })
  return { json: { client_id: id }, text: `${name} is removed.` }
}
