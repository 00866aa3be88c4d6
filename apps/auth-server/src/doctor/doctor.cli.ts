import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { readSettings } from 'service-kit'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../cli/add-command.ts'
import { type Answer, answer } from '../cli/answer.ts'
import { wrongUsage } from '../cli/wrong-usage.ts'
import { askServer } from './ask-server.ts'
import { checkRedis } from './check-redis.ts'
import { compareServers, type Finding } from './compare-servers.ts'
import type { DescribedServer } from './described-server.ts'
import { readSettingsFile } from './read-settings-file.ts'

const details = `Compares session secret, cookie, host, prefix, limits, Redis, trust proxy and clock, and says
what to do about each difference: then it ends with 1. A server is named by its address, its
base path included, or by a file with its settings. Servers tell inside their own network
only, or to METRICS_TOKEN, and never a secret. Without an address: those that npm start runs.`

const tokenSchema = z.object({ METRICS_TOKEN: z.string().optional() })

/** `doctor`: why is somebody who is signed in here not signed in there? */
export function addDoctorCommand(program: Command, cli: CliContext): void {
  addCommand(program, {
    usage: 'doctor [server...]',
    summary: 'Find out why servers do not honour each other’s sessions.',
    details,
    examples: [
      'doctor',
      'doctor http://10.0.0.5:3000/auth/ http://10.0.0.6:3001',
      'doctor http://localhost:3000 shop.env --json',
    ],
  }).action(answer((given: string[]) => compare(cli, given)))
}

async function compare(cli: CliContext, given: string[]): Promise<Answer> {
  const { running, env } = cli.system()
  const names = given.length === 0 && running ? Object.values(running) : given
  if (names.length < 2) throw wrongUsage('Name two servers at least: doctor <address> <address>')
  const nonce = randomBytes(24).toString('base64url')
  const metricsToken = readSettings(tokenSchema, env).METRICS_TOKEN
  const servers = await Promise.all(
    names.map((name) =>
      /^https?:/.test(name)
        ? askServer({ url: name, nonce, metricsToken })
        : readSettingsFile(name, nonce),
    ),
  )
  const findings = findAll(servers)
  const differs = findings.some(({ kind }) => kind === 'difference')
  return {
    json: { ok: !differs, servers: names, findings },
    text: tell(names, findings),
    failed: differs,
  }
}

function findAll(servers: DescribedServer[]): Finding[] {
  const [first, ...others] = servers
  const differences = first ? others.flatMap((other) => compareServers(first, other)) : []
  return [...differences, ...servers.flatMap(checkRedis)]
}

function tell(names: string[], findings: Finding[]): string {
  const differences = findings.filter(({ kind }) => kind === 'difference').length
  const result =
    differences === 0
      ? `${names.join(' and ')} honour each other's sessions.`
      : `${differences} ${differences === 1 ? 'thing differs' : 'things differ'}.`
  return [...findings.map(draw), result].join('\n\n')
}

function draw({ kind, what, detail, advice }: Finding): string {
  return `${kind === 'difference' ? 'DIFFERS' : 'WARNING'}  ${what}: ${detail}\n         ${advice}`
}
