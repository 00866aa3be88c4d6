import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { liftBlock } from '../../sign-in/attempts/lift-block.ts'
import { listBlockedAddresses } from '../../sign-in/attempts/list-blocked-addresses.ts'

/** `addresses`: network addresses that are blocked for a while. */
export function addAddressesCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'addresses',
    summary: 'Network addresses blocked after too many failed sign-ins.',
    examples: ['addresses list', 'addresses lift 203.0.113.7'],
  })
  addCommand(group, {
    usage: 'list',
    summary: 'Blocked addresses, newest first, with the end of the block.',
    examples: ['addresses list --json'],
  }).action(answer(() => list(cli)))

  addCommand(group, {
    usage: 'lift <address>',
    summary: 'Lift the block of an address at once.',
    details: 'An IPv6 address stands for its /64 network, which is blocked as a whole.',
    examples: ['addresses lift 203.0.113.7', 'addresses lift 2001:db8:1:2::/64'],
  }).action(answer((address: string) => lift(cli, address)))
}

async function list(cli: CliContext): Promise<Answer> {
  const addresses = await listBlockedAddresses(await cli.blocks(), { limit: 1000 })
  const headings = ['address', 'since', 'until', 'failures', 'times']
  const rows = addresses.map(({ address, since, until, failures, times }) => {
    return [address, drawMoment(since), drawMoment(until), String(failures), String(times)]
  })
  return { json: { addresses }, text: drawTable(headings, rows, 'No address is blocked.') }
}

async function lift(cli: CliContext, given: string): Promise<Answer> {
  const [blocks, redis] = [await cli.blocks(), await cli.redis()]
  const deps = { blocks, redis, keyPrefix: '', audit: await cli.audit() }
  const lifted = await liftBlock(deps, { address: given, from: null })
  if (lifted === null) return { json: { lifted }, text: `${given} is not blocked.`, failed: true }
  return { json: { lifted }, text: `${lifted} is no longer blocked.` }
}
