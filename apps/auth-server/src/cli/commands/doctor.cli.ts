import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { readSettings } from 'service-kit'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { wrongUsage } from '../cli-error.ts'
import { askServer } from '../doctor/ask-server.ts'
import { checkKeys } from '../doctor/check-keys.ts'
import { checkRedis } from '../doctor/check-redis.ts'
import { checkSignUp } from '../doctor/check-sign-up.ts'
import { compareServers, type Finding } from '../doctor/compare-servers.ts'
import type { DescribedServer } from '../doctor/described-server.ts'
import { readSettingsFile } from '../doctor/read-settings-file.ts'

const details = `Compares session secret, cookie, host, prefix, limits, Redis, trust proxy and clock, and says what
to do about each difference. Exits with 1 if something differs or a server does not reach its Redis.
Facts that a server does not report are listed as not compared. Name a server by its address, including
its base path, or by a file with its settings. Servers answer only inside their own network or with
METRICS_TOKEN, and never with a secret. Without arguments it compares the servers that npm start runs
and checks that KEY_ENCRYPTION_KEY decrypts the signing keys of their clients, and that
SIGN_UP_MAILS_PER_HOUR is not used up.`

const labels = { difference: 'DIFFERS', failure: 'FAILS  ', warning: 'WARNING' }

const tokenSchema = z.object({ METRICS_TOKEN: z.string().optional() })

/** `doctor`: finds out why servers do not honour each other's sessions. */
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
  if (names.length < 2) throw wrongUsage('Name at least two servers: doctor <address> <address>')
  const nonce = randomBytes(24).toString('base64url')
  const metricsToken = readSettings(tokenSchema, env).METRICS_TOKEN
  for (const name of names) checkAddress(name)
  const servers = await Promise.all(
    names.map((name) =>
      isAddress(name)
        ? askServer({ url: name, nonce, metricsToken })
        : readSettingsFile(name, nonce),
    ),
  )
  const own = given.length === 0 ? [...(await checkKeys(cli)), ...(await checkSignUp(cli))] : []
  const findings = [...findAll(servers), ...own]
  const failed = findings.some(({ kind }) => kind !== 'warning')
  return { json: { ok: !failed, servers: names, findings }, text: tell(names, findings), failed }
}

function isAddress(name: string): boolean {
  return /^https?:/i.test(name)
}

function checkAddress(name: string): void {
  if (isAddress(name) && !URL.canParse(name)) throw wrongUsage(`${name} is not a valid address.`)
}

function findAll(servers: DescribedServer[]): Finding[] {
  const [first, ...others] = servers
  const differences = first ? others.flatMap((other) => compareServers(first, other)) : []
  return [...differences, ...servers.flatMap(checkRedis)]
}

function tell(names: string[], findings: Finding[]): string {
  return [...findings.map(draw), resultOf(names, findings)].join('\n\n')
}

/** Says that all is well only if everything was compared. */
function resultOf(names: string[], findings: Finding[]): string {
  const count = (wanted: Finding['kind']) => findings.filter(({ kind }) => kind === wanted).length
  const [differences, failures] = [count('difference'), count('failure')]
  const open = new Set(findings.filter(({ notCompared }) => notCompared).map(({ what }) => what))
  const isWell = differences + failures === 0 && open.size === 0
  if (isWell) return `${names.join(' and ')} honour each other's sessions.`
  return [
    differences > 0
      ? `${differences} ${differences === 1 ? 'thing differs' : 'things differ'}.`
      : '',
    differences === 0 ? 'Nothing else differs.' : '',
    open.size > 0 ? `Not compared: ${[...open].join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function draw({ kind, what, detail, advice }: Finding): string {
  return `${labels[kind]}  ${what}: ${detail}\n         ${advice}`
}
