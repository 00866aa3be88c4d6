import { Command } from 'commander'
import { addOverviewCommand } from './overview.cli.ts'
import { addAuditCommands } from './audit.cli.ts'
import { addClientCommands } from './client.cli.ts'
import { addKeysCommands } from './keys.cli.ts'
import type { CliContext } from '../cli-context.ts'
import { addDoctorCommand } from './doctor.cli.ts'
import { addInviteCommands } from './invite.cli.ts'
import { addMailCommands } from './mail.cli.ts'
import { addRestoreCommands } from './restore.cli.ts'
import { addSessionsCommands } from './sessions.cli.ts'
import { addAddressesCommands } from './addresses.cli.ts'
import { addCreateAdminCommand } from './create-admin.cli.ts'
import { addUsersCommands } from './users.cli.ts'

const help = `
Every command prints one JSON document with --json. It exits with 0 when it is done, 1 if it failed
and 2 if it was called incorrectly.

Commands talk to the system that MONGO_URL, REDIS_URL, AMQP_URL and the other settings in the
environment name, or else to the one that npm start runs on this machine.

Examples:
  $ npm run cli -- create-admin
  $ npm run cli -- invite --email ada@example.com
  $ npm run cli -- users list --json`

/** The command line; commands are added in the order of the help. */
export function buildProgram(cli: CliContext): Command {
  const program = new Command('npm run cli --')
    .description('The command line of the auth server, for its operators.')
    .option('--data <folder>', 'the data folder of npm start', '.data')
    .on('option:data', cli.setDataDir)
    .showHelpAfterError('See the usage with: npm run cli -- --help')
    .exitOverride()
    .addHelpText('after', help)
  addCreateAdminCommand(program, cli)
  addOverviewCommand(program, cli)
  addInviteCommands(program, cli)
  addUsersCommands(program, cli)
  addSessionsCommands(program, cli)
  addRestoreCommands(program, cli)
  addClientCommands(program, cli)
  addKeysCommands(program, cli)
  addMailCommands(program, cli)
  addAddressesCommands(program, cli)
  addAuditCommands(program, cli)
  addDoctorCommand(program, cli)
  return program
}
