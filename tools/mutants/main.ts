import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startServices } from '../services/services.ts'
import { accepted } from './accepted.ts'
import { type GuardedFolder, guardedFolders } from './folders.ts'
import { makeCopy } from './make-copy.ts'
import { type PlacedMutant, placeMutants, sampleMutants } from './place-mutants.ts'
import { runMarkedTests } from './run-marked-tests.ts'
import { testsNear, tryMutant } from './try-mutant.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

type Tried = PlacedMutant & { killedBy: string | undefined }

/**
 * `pnpm test:mutants [folder…]`: makes small mistakes in what guards something, one at a time in a copy of
 * the workspace, and runs the nearest tests. A mistake that they miss is a check that no test asks for.
 * `--sample` (25 of each folder) and `--seed` choose the mistakes, `--only <words>` keeps those whose place
 * or change contains the words. Returns the exit code: 0 if nothing survived but what is accepted.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  })
  const { env } = process
  const names = ['mongo', 'redis', 'amqp'] as const
  const services = await startServices({ names, namespace: 'tests', env, log: say })
  const copies = await Promise.all([makeCopy(root), makeCopy(root)])
  const { mongo, redis, amqp } = services
  const place = {
    copies,
    env: {
      ...env,
      MONGO_URL: mongo.url,
      REDIS_URL: redis.url,
      AMQP_URL: amqp.url,
    },
  }
  const choice = { size: Number(values.sample), seed: values.seed, only: values.only }
  try {
    const rows: string[] = []
    let survived = 0
    for (const folder of foldersOf(positionals)) {
      // oxlint-disable-next-line no-await-in-loop -- they share the copies
      const tried = await Promise.race([tryFolder(folder, choice, place), services.failed])
      const row = summarize(folder.folder, tried)
      rows.push(row.line)
      survived += row.survived
    }
    say('\nfolder | mutants | killed | survived | accepted | killed of what could be')
    for (const row of rows) say(row)
    return survived === 0 ? 0 : 1
  } finally {
    await services.stop()
  }
}

/** The folders asked for, with the tests of a guarded folder that they are in. */
function foldersOf(asked: string[]): GuardedFolder[] {
  if (asked.length === 0) return guardedFolders
  return asked.map((name) => {
    const folder = name.replace(/\/$/, '')
    const within = guardedFolders.filter((known) => `${folder}/`.startsWith(`${known.folder}/`))
    const tests = within.flatMap((known) => [...known.tests, `${known.folder}/**/*.test.ts`])
    return { folder, tests }
  })
}

type Place = { copies: string[]; env: NodeJS.ProcessEnv }

async function tryFolder(
  { folder, tests }: GuardedFolder,
  { size, seed, only }: { size: number; seed: string; only: string },
  { copies, env }: Place,
): Promise<Tried[]> {
  const all = placeMutants(root, folder)
  const wanted = all.filter((mutant) => describe(mutant).includes(only))
  const mutants = sampleMutants(wanted, { size, seed })
  say(`\n${folder}: ${mutants.length} of ${all.length} mutants`)
  const files = globSync([`${folder}/**/*.test.ts`, ...tests], { cwd: root })
  const [first = ''] = copies
  const { near, red } = await runMarkedTests(mutants, { copy: first, tests: files, env })
  for (const file of red) say(`${file} is red without any mutant and left out`)
  const waiting = [...mutants.entries()]
  const tried: Tried[] = []
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, mutant] = next
        // oxlint-disable-next-line no-await-in-loop -- one mutant at a time in each copy
        const outcome = await tryMutant(mutant, {
          copy,
          tests: testsNear(mutant, index, near),
          env,
        })
        tried.push({ ...mutant, ...outcome })
        say(`${outcome.killedBy === undefined ? 'SURVIVED' : 'killed  '} ${describe(mutant)}`)
      }
    }),
  )
  return tried
}

function describe({ file, line, change }: PlacedMutant): string {
  return `${file}:${line}  ${change}`
}

/** A row of the table. Says which mutants are accepted but noticed. */
function summarize(folder: string, tried: Tried[]): { line: string; survived: number } {
  const isAccepted = ({ file, code, change }: Tried) =>
    accepted.some((one) => one.file === file && one.code === code && one.change === change)
  const killed = tried.filter(({ killedBy }) => killedBy !== undefined)
  for (const mutant of killed.filter(isAccepted))
    say(`${describe(mutant)} is in accepted.ts, but a test notices it: ${mutant.killedBy}`)
  const living = tried.filter(({ killedBy }) => killedBy === undefined)
  const survived = living.filter((mutant) => !isAccepted(mutant)).length
  const excused = living.length - survived
  const share = Math.round((100 * killed.length) / Math.max(1, tried.length - excused))
  const cells = [folder, tried.length, killed.length, survived, excused, `${share} %`]
  return { line: cells.join(' | '), survived }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(1))
process.exit(await main())
