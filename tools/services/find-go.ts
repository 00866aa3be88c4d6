import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { findProgram } from './find-program.ts'
import type { Preparation } from './service.ts'

const run = promisify(execFile)
const oldestMinor = 24
const toolchain = 'go1.24.4'

// The checksums that the Go module proxy must deliver: go.sum does not list toolchains.
const sums: Record<string, string> = {
  'linux-amd64': 'h1:nm4Il5pypT+vEB1UPY4e+r1p/0HoRr/2jjj+dwb8KhA=',
}

/** A Go that can build the embedded MongoDB, and the environment to run it in. */
export type Go = { program: string; env: NodeJS.ProcessEnv }

/**
 * Finds Go 1.24 or later on this machine. An older Go fetches a newer one as a module, which is kept in
 * `cache`.
 *
 * @throws Error with the reason if there is none
 */
export async function findGo({ env, log }: Preparation, cache: string): Promise<Go> {
  const path = [env.PATH, '/usr/local/go/bin', '/usr/lib/go/bin'].join(':')
  const program = await findProgram(['go'], { PATH: path })
  if (program === undefined) throw new Error('there is no Go')
  const minor = await minorOf(program, env)
  if (minor >= oldestMinor) return { program, env: { ...env, GOTOOLCHAIN: 'local' } }

  const root = join(cache, toolchain)
  if (!existsSync(root)) {
    log(`MongoDB: Go 1.${minor} fetches ${toolchain} to build the embedded one (only once)`)
    await fetchToolchain(program, env, root)
  }
  return {
    program: join(root, 'bin/go'),
    env: { ...env, GOROOT: root, GOTOOLCHAIN: 'local' },
  }
}

async function minorOf(program: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await run(program, ['version'], { env: { ...env, GOTOOLCHAIN: 'local' } })
  return Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? 0)
}

const downloaded = z.object({ Dir: z.string(), Sum: z.string() })

async function fetchToolchain(program: string, env: NodeJS.ProcessEnv, root: string) {
  const { platform, arch } = process
  const kind = `${platform}-${arch === 'x64' ? 'amd64' : arch}`
  const sum = sums[kind]
  if (sum === undefined) throw new Error(`its Go is older than 1.${oldestMinor}`)
  const folder = await mkdtemp(join(tmpdir(), 'toolchain-'))
  try {
    await writeFile(join(folder, 'go.mod'), 'module fetch\n')
    const module = `golang.org/toolchain@v0.0.1-${toolchain}.${kind}`
    const flags = { GOFLAGS: '-mod=mod', GONOSUMDB: 'golang.org/toolchain', GOTOOLCHAIN: 'local' }
    const { stdout } = await run(program, ['mod', 'download', '-json', module], {
      cwd: folder,
      env: { ...env, ...flags },
    })
    const { Dir, Sum } = downloaded.parse(JSON.parse(stdout))
    if (Sum !== sum) throw new Error(`${module} has an unexpected checksum: ${Sum}`)
    await copyToolchain(Dir, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// The files of a module are neither writable nor executable.
async function copyToolchain(from: string, root: string): Promise<void> {
  await mkdir(dirname(root), { recursive: true })
  const unfinished = `${root}.${process.pid}`
  await run('cp', ['-R', from, unfinished])
  await run('chmod', ['-R', 'u+w', unfinished])
  const tools = join(unfinished, 'pkg/tool')
  const folders = (await readdir(tools)).map((name) => join(tools, name))
  for (const folder of [join(unfinished, 'bin'), ...folders])
    // oxlint-disable-next-line no-await-in-loop
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755)
  await rename(unfinished, root)
}
