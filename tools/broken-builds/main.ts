import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startServices } from '../services/services.ts'
import type { BrokenBuild } from './broken-build.ts'
import { brokenBuilds } from './broken-builds.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const run = promisify(execFile)

/**
 * `pnpm test:broken`: breaks one promise after another in a clone of the last commit, and checks that a
 * test that names it fails. A test that stays green proves nothing. Takes about an hour. `--topic <name>`
 * keeps the builds of one file in builds/, `--only <words>` those whose promise or description contains
 * these words. Returns the exit code.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { topic: { type: 'string' }, only: { type: 'string', default: '' } },
  })
  const { topic, only } = values
  const found = topic === undefined ? Object.values(brokenBuilds).flat() : brokenBuilds[topic]
  if (!found) throw new Error(`--topic is one of: ${Object.keys(brokenBuilds).join(', ')}`)
  const builds = found.filter(({ id, what }) => `${id} ${what}`.includes(only))
  const clone = await mkdtemp(join(tmpdir(), 'broken-build-'))
  const services = await startServices({
    names: ['mongo', 'redis', 'amqp'],
    namespace: 'tests',
    env: process.env,
    log: say,
  })
  const { mongo, redis, amqp } = services
  const env = { ...process.env, MONGO_URL: mongo.url, REDIS_URL: redis.url, AMQP_URL: amqp.url }
  try {
    await run('git', ['clone', '--quiet', root, clone])
    const fails = rememberFailures({ clone, env })
    const unnoticed: string[] = []
    for (const build of builds) {
      // One after the other, because they share the clone.
      // oxlint-disable-next-line no-await-in-loop
      const { problem, seconds, test } = await tryBuild(build, { place: { clone, env }, fails })
      say(`${build.id.padEnd(4)} ${build.what}: ${problem ?? `noticed in ${seconds} s by ${test}`}`)
      if (problem !== undefined) unnoticed.push(build.id)
    }
    say(`${builds.length - unnoticed.length} of ${builds.length} broken builds were noticed`)
    return unnoticed.length
  } finally {
    await services.stop()
    await rm(clone, { recursive: true, force: true })
  }
}

type Place = { clone: string; env: NodeJS.ProcessEnv }

/** Whether tests fail even without a broken build. Each set is run once. */
function rememberFailures(place: Place): (tests: string[]) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  return (tests) => {
    const key = tests.join(' ')
    const found = known.get(key) ?? failuresIn(tests, place).then(({ length }) => length > 0)
    known.set(key, found)
    return found
  }
}

type Outcome = { problem?: string; seconds?: number; test?: string }

/** The test that noticed the build, or why the build proves nothing. */
async function tryBuild(
  { id, edits, tests }: BrokenBuild,
  { place, fails }: { place: Place; fails: (tests: string[]) => Promise<boolean> },
): Promise<Outcome> {
  if (await fails(tests)) return { problem: 'its tests fail without it' }
  const misfit = await edit(edits, place)
  const start = performance.now()
  const failures = misfit === undefined ? await failuresIn(tests, place) : []
  const seconds = Math.round((performance.now() - start) / 1000)
  await run('git', ['checkout', '--quiet', '.'], { cwd: place.clone })
  if (misfit !== undefined) return { problem: misfit }
  if (failures.length === 0) return { problem: 'NOT NOTICED' }
  const test = failures.find((title) => title.split(/[^A-Z0-9]/).includes(id))
  if (test !== undefined) return { seconds, test }
  return { problem: `noticed by no test that names it: ${failures.join('; ')}` }
}

/** Makes the edits in the clone. Returns why that is impossible, if it is. */
async function edit(edits: BrokenBuild['edits'], { clone }: Place): Promise<string | undefined> {
  for (const { file, find, replace } of edits) {
    const path = join(clone, file)
    // One edit may follow another in the same file.
    // oxlint-disable-next-line no-await-in-loop
    const text = await readFile(path, 'utf8')
    if (text.split(find).length !== 2)
      return `${file} does not contain the quoted code exactly once`
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(
      path,
      text.replace(find, () => replace),
    )
  }
  return undefined
}

/** The titles of the failed tests, or the end of the output if there are none. */
async function failuresIn(tests: string[], { clone, env }: Place): Promise<string[]> {
  const args = ['test', '--', ...tests]
  const { passed, output } = await new Promise<{ passed: boolean; output: string }>((resolve) => {
    const options = { cwd: clone, env, maxBuffer: 2 ** 28 }
    execFile('npm', args, options, (error, stdout, stderr) =>
      resolve({ passed: error === null, output: `${stdout}\n${stderr}` }),
    )
  })
  if (passed) return []
  const titles = output.split('\n').filter((line) => /^\s*[✕●] /.test(line))
  return titles.length > 0 ? titles.map((title) => title.trim()) : [output.slice(-500)]
}

process.exit(await main())
