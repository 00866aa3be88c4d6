import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { findClientById } from '../find-named.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { listClients } from '../../oauth/clients/find-client.ts'
import { createKeyring } from '../../oauth/clients/keyring.ts'
import { rotateSigningKey } from '../../oauth/clients/rotate-signing-key.ts'

type Rotation = { now?: boolean; yes?: boolean }

/** `keys`: the keys that sign clients' tokens. */
export function addKeysCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'keys',
    summary: 'The keys that sign clients’ tokens.',
    examples: ['keys rotate'],
  })
  addCommand(group, {
    usage: 'rotate [client]',
    summary: 'Give a client, or every client, a new signing key.',
    details: `The new key is published at once and signs 15 minutes later, once every resource server has it. The
previous key stays published until the last token it signed expires. With --now, for a stolen key,
the new key signs at once and every token of the previous key is refused.`,
    examples: ['keys rotate', 'keys rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --now --yes'],
  })
    .option('--now', 'the previous key was stolen: end it at once')
    .option('--yes', 'skip the confirmation')
    .action(answer((id: string | undefined, options: Rotation) => rotate(cli, id, options)))
}

async function rotate(
  cli: CliContext,
  id: string | undefined,
  { now = false, ...confirmation }: Rotation,
): Promise<Answer> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { clients } = await cli.tokens()
  const chosen = id === undefined ? await listClients(clients) : [await findClientById(cli, id)]
  if (now) await askWhether('End every token that the previous key signed?', confirmation)
  const { keyEncryptionKeys, refreshDays } = cli.config()
  const keyring = createKeyring(keyEncryptionKeys)
  const deps = { clients, keyring, refreshDays, audit: await cli.audit() }
  const rotated = await Promise.all(
    chosen.map(async (client) => {
      const { kid, signsFrom } = await rotateSigningKey(deps, client, { now, from: null })
      return { client_id: client.id, name: client.name, kid, signsFrom }
    }),
  )
  const rows = rotated.map(({ name, kid, signsFrom }) => [name, kid, drawMoment(signsFrom)])
  return {
    json: { rotated },
    text: drawTable(['client', 'key', 'signs from'], rows, 'There are no clients yet.'),
  }
}
