import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram } from './find-program.ts'
import { keepChild } from './keep-child.ts'
import type { Preparation } from './service.ts'

const sources = fileURLToPath(new URL('../embedded-mongo/', import.meta.url))

/**
 * The path of the embedded MongoDB, built with Go where it has not been yet. The program is kept in
 * the user's cache folder under a hash of its sources, so that another clone finds it. Undefined
 * when it cannot be built.
 */
export async function buildEmbeddedMongo(preparation: Preparation): Promise<string | undefined> {
  const { env, log } = preparation
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sign-in')
  const program = join(cache, `embedded-mongo-${await hashSources()}`)
  if (existsSync(program)) return program

  const go = await findProgram(['go'], env)
  if (go === undefined) return undefined
  await mkdir(cache, { recursive: true })
  const unfinished = `${program}.${process.pid}`
  const built = await runBuild(go, unfinished, preparation)
  // Two builds at once end with the same program: the last to rename wins, and nobody sees a half one.
  if (built) await rename(unfinished, program)
  else await rm(unfinished, { force: true })
  if (!built) log('MongoDB: the embedded one could not be built')
  return built ? program : undefined
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const names = (await readdir(sources)).filter((name) => /\.(go|mod|sum)$/.test(name))
  for (const name of names.toSorted()) {
    hash.update(`\n${name}\n`).update(await readFile(join(sources, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function runBuild(go: string, output: string, preparation: Preparation): Promise<boolean> {
  const { env, log, signal } = preparation
  const began = Date.now()
  let done = 0
  const tellProgress = () => {
    log(`MongoDB: building, ${Math.round((Date.now() - began) / 1000)} s, ${done} packages done`)
  }
  log('MongoDB: building the embedded one (once; a minute or two)')
  const timer = setInterval(tellProgress, 10_000)
  try {
    const build = await keepChild({
      command: [go, 'build', '-v', '-trimpath', '-ldflags=-s -w', '-o', output, '.'],
      cwd: sources,
      env,
      signal,
      onLine: (line) => {
        if (!line.startsWith('go: ')) done += 1
      },
    })
    const { code } = await build.ended
    signal?.throwIfAborted()
    if (code === 0) tellProgress()
    else log(build.lastWords())
    return code === 0
  } finally {
    clearInterval(timer)
  }
}
