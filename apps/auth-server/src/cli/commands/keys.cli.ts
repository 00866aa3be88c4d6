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

/** `keys`: what clients' tokens are signed with. */
export function addKeysCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'keys',
    summary: 'The keys that clients’ tokens are signed with.',
    examples: ['keys rotate'],
  })
  addCommand(group, {
    usage: 'rotate [client]',
    summary: 'Give a client, or every client, another signing key.',
    details: `It is published at once and signs 15 minutes later, when everybody who checks tokens has it; the
key before stays published until the last token it signed is over. With --now, for a key that was
stolen, it signs at once, and every token of the key before is worth nothing.`,
    examples: ['keys rotate', 'keys rotate 0b5d6a1e-4a55-4f2b-9c38-8f3f1a2b6c7d --now --yes'],
  })
    .option('--now', 'the key before was stolen: end it at once')
    .option('--yes', 'do not ask')
    .action(answer((id: string | undefined, options: Rotation) => rotate(cli, id, options)))
}

async function rotate(
  cli: CliContext,
  id: string | undefined,
  { now = false, ...said }: Rotation,
): Promise<Answer> {
  cli.need('KEY_ENCRYPTION_KEY')
  const { clients } = await cli.tokens()
  const chosen = id === undefined ? await listClients(clients) : [await findClientById(cli, id)]
  if (now) await askWhether('End every token that the key before signed?', said)
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
    text: drawTable(['client', 'key', 'signs from'], rows, 'There is no client yet.'),
  }
}
