import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { embeddedMongoPath } from '../setup/embedded-mongo-path.mjs'
import { ferretdbEdits } from './ferretdb-edits.ts'
import { findGo, type Go } from './find-go.ts'
import { keepChild } from './keep-child.ts'
import type { Preparation } from './service.ts'

const run = promisify(execFile)
const sources = fileURLToPath(new URL('../embedded-mongo/', import.meta.url))
const ferretdb = 'github.com/FerretDB/FerretDB'

/**
 * Builds the embedded MongoDB, which is FerretDB with our additions behind our relay, and returns its path.
 *
 * @throws Error with the reason why it cannot be built
 */
export async function buildEmbeddedMongo(preparation: Preparation): Promise<string> {
  const program = embeddedMongoPath(preparation.env)
  const cache = dirname(program)
  const go = await findGo(preparation, cache)
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'build-'))
  try {
    await gatherSources(go, folder)
    await build(go, folder, preparation)
    // Two parallel builds give the same program. The last rename wins, and nobody sees half a file.
    await rename(join(folder, 'program'), program)
    return program
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const downloaded = z.object({ Dir: z.string() })

async function gatherSources({ program, env }: Go, folder: string): Promise<void> {
  const { stdout } = await run(program, ['mod', 'download', '-json', ferretdb], {
    cwd: sources,
    env,
  })
  const { Dir } = downloaded.parse(JSON.parse(stdout))
  await cp(sources, folder, { recursive: true })
  const copy = join(folder, 'copy')
  // The files of a module are read-only.
  await run('cp', ['-R', Dir, copy])
  await run('chmod', ['-R', 'u+w', copy])
  await cp(join(sources, 'ferretdb'), copy, { recursive: true })
  for (const { file, before, after } of ferretdbEdits) {
    // oxlint-disable no-await-in-loop -- several may be of one file
    const [head, tail, ...more] = (await readFile(join(copy, file), 'utf8')).split(before)
    if (tail === undefined || more.length > 0) throw new Error(`${file} has changed in FerretDB`)
    await writeFile(join(copy, file), head + after + tail)
  }
  await run(program, ['mod', 'edit', `-replace=${ferretdb}=./copy`], { cwd: folder, env })
}

async function build(go: Go, cwd: string, { log, signal }: Preparation): Promise<void> {
  const began = Date.now()
  let done = 0
  const tellProgress = () => {
    log(`MongoDB: building, ${Math.round((Date.now() - began) / 1000)} s, ${done} packages done`)
  }
  log('MongoDB: building the embedded one (once; a minute or two)')
  const timer = setInterval(tellProgress, 10_000)
  try {
    const child = await keepChild({
      command: [go.program, 'build', '-v', '-trimpath', '-ldflags=-s -w', '-o', 'program', '.'],
      cwd,
      env: go.env,
      signal,
      onLine: (line) => {
        if (!line.startsWith('go: ')) done += 1
      },
    })
    const { code } = await child.ended
    signal?.throwIfAborted()
    if (code !== 0) throw new Error(`go build failed:\n${child.lastWords()}`)
    tellProgress()
  } finally {
    clearInterval(timer)
  }
}
