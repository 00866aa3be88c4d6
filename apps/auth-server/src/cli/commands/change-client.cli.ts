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
}

/** `client edit`, `rotate` and `remove`. */
export function addChangeClientCommands(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'edit <id>',
    summary:
      'Change what a client is called, where it may send people back to, what it may ask for.',
    details: `What is not named stays as it is; a list that is named takes the place of the one before. Tokens that
were given keep their scope. Kind and own audience are for good: add another client instead.`,
    examples: [
      'client edit 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --name Shop --redirect-uri https://shop.example/cb',
    ],
  })
    .option('--name <name>', 'what people read')
    .option('--redirect-uri <uri...>', 'where the code flow may come back to, to the letter')
    .option(
      '--post-logout-redirect-uri <uri...>',
      'where a visitor may return to after signing out',
    )
    .option('--backchannel-logout-uri <uri>', 'where the site is told that a sign-in has ended')
    .option('--audience <audience...>', 'what it asks tokens for')
    .option('--scope <scope...>', 'what it may ask for')
    .option('--pkce <rule>', 'required, optional (with a nonce) or off')
    .option('--alg <alg>', 'signs its access tokens: ES256, RS256 or EdDSA; from 15 minutes on')
    .option('--id-token-alg <alg>', 'signs its id_tokens: RS256, ES256 or EdDSA')
    .action(answer((id: string, options: Changes) => edit(cli, id, options)))

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
    ...(scope && { scopes: scope.flatMap((text) => text.split(' ')) }),
    ...(audience && { audiences: audience }),
  }
  if (Object.keys(given).length === 0 && alg === undefined)
    throw wrongUsage('Say what to change: see --help.')
  const client = await findClientById(cli, id)
  const deps = { ...(await cli.tokens()), audit: await cli.audit() }
  const changes = validate(clientChangesInput, given)
  const edited = await editClient(deps, client, { ...changes, from: null })
  if (alg !== undefined) await changeAlgorithm(cli, edited, alg)
  return { json: describeClient(edited), text: `${edited.name} is changed.` }
}

/** A key of the other algorithm takes over once those who check tokens know it. */
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
  const until = hours === 0 ? 'is over' : `stays good until ${drawMoment(previousEndsAt)}`
  return {
    json: { client_id: id, client_secret: secret, previousEndsAt },
    text: `client_secret  ${secret}\n\nIt is shown this once. The secret before ${until}.`,
  }
}

async function remove(cli: CliContext, id: string, options: { yes?: boolean }): Promise<Answer> {
  const { name } = await findClientById(cli, id)
  await askWhether(`Remove ${name} and end its tokens?`, options)
  const deps = { ...(await cli.tokens()), audit: await cli.audit() }
  await removeClient(deps, { id, from: null })
  return { json: { client_id: id }, text: `${name} is removed.` }
}
