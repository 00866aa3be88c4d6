import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { drawLlms } from '../../../tools/kit/draw-llms.ts'
import { reportApi } from '../../../tools/kit/report-api.ts'
import { packageProblems } from '../../../tools/kit/package-problems.ts'
import { findFreePort } from '../../../tools/services/free-port.ts'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { CONSUMER, EXPRESS_4_APP, NODE10_CONSUMER, TSCONFIG } from './package.fixture.ts'
import { signInForTest } from './testing.ts'

const run = promisify(execFile)
const home = join(import.meta.dirname, '..')
const workspace = join(home, '../..')
const secrets = ['a secret for an app outside the workspace']

/** What an app installs according to the README. The last line is for its other examples. */
const PACKAGES = `
  express@5 express-session ioredis passport
  @types/express@5 @types/express-session @types/passport @types/node@24
  connect-redis redis socket.io ws @types/ws express4@npm:express@~4.18 typescript5@npm:typescript@5`.match(
  /\S+/g,
)

const LOADS: Record<string, string[]> = {
  'auth-kit': ['cookie', 'express-session', 'ioredis', 'lru-cache', 'passport'],
  'auth-kit/session': ['cookie', 'express-session', 'ioredis', 'lru-cache'],
  'auth-kit/passport': [],
  'auth-kit/logged-in': [],
  'auth-kit/tokens': ['jose', 'lru-cache'],
  'auth-kit/lambda': ['jose'],
  'auth-kit/oidc-client': ['express', 'jose'],
  'auth-kit/testing': ['express-session', 'ioredis', 'lru-cache'],
}

/** The Node that runs the tests, and the system's own if it differs. */
const nodes = [{ version: process.version, path: process.execPath }, ...(await nodeOfTheSystem())]

describe('the package, installed in an app outside the workspace,', () => {
  let app: string
  let packed: string[]
  let readme: string

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'plain-app-'))
    readme = await readFile(join(home, 'README.md'), 'utf8')
    const { packageManager } = await readJson(join(workspace, 'package.json'))
    await run('npx', ['--yes', packageManager, 'run', 'build'], { cwd: home })
    await run('npx', ['--yes', packageManager, 'pack', '--out', join(app, 'kit.tgz')], {
      cwd: home,
    })
    const { stdout } = await run('tar', ['-tzf', 'kit.tgz'], { cwd: app })
    packed = stdout.trim().split('\n')
    await writeFile(join(app, 'package.json'), '{ "type": "module" }')
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
    await run('npm', ['install', ...flags, './kit.tgz', ...(PACKAGES ?? [])], { cwd: app })
  }, 180_000)

  afterAll(() => rm(app, { recursive: true, force: true }))

  it('contains only compiled JavaScript with types, package.json, README, llms.txt and LICENSE', async () => {
    const sources = await readdir(join(home, 'src'), { recursive: true })
    const compiled = sources
      .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
      .flatMap((file) => ['.js', '.d.ts'].map((end) => `dist/${file.replace(/\.ts$/, end)}`))
    const expected = [...compiled, 'package.json', 'README.md', 'llms.txt', 'LICENSE']
    expect(packed.toSorted()).toEqual(expected.map((file) => `package/${file}`).toSorted())
  })

  it('has the same entry points in exports, in the README and in this test', async () => {
    const { exports } = await readJson(join(home, 'package.json'))
    const published = await readJson(join(app, 'node_modules/auth-kit/package.json'))
    const inReadme = [...readme.matchAll(/^### `(?<entry>auth-kit[^`]*)`$/gm)]
    const table = [...readme.matchAll(/^\| `(?<entry>auth-kit[^`]*)` \| (?<loads>.*) \|$/gm)]
    const entries = Object.keys(LOADS)
    expect(inReadme.map(({ groups }) => groups?.['entry'])).toEqual(entries)
    expect(table.map(({ groups }) => [groups?.['entry'], groups?.['loads']])).toEqual(
      Object.entries(LOADS).map(([entry, names]) => [entry, names.join(', ') || 'nothing']),
    )
    for (const [at, path] of Object.keys(exports).entries()) {
      expect(path.replace(/^\./, 'auth-kit')).toBe(entries[at])
      const { types, default: code } = exports[path]
      expect(published.exports[path]).toEqual({ types, default: code })
      expect(packed).toEqual(expect.arrayContaining([types, code].map(inPackage)))
    }
    expect(Object.keys(exports)).toHaveLength(entries.length)
  })

  it('passes publint and "Are the types wrong?"', async () => {
    expect(await packageProblems(await readFile(join(app, 'kit.tgz')))).toEqual([])
  })

  it('has the public API of api.md, so that no change of it goes unnoticed: pnpm kit writes it', async () => {
    expect(await reportApi(home)).toBe(await readFile(join(home, 'api.md'), 'utf8'))
  }, 60_000)

  it('has an llms.txt made from the README: pnpm kit writes it', async () => {
    expect(await readFile(join(home, 'llms.txt'), 'utf8')).toBe(drawLlms(readme))
  })

  it('exposes nothing but its exports', async () => {
    const attempt = node(process.execPath, `await import('auth-kit/dist/errors.js')`)
    await expect(attempt).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  it.each(Object.entries(LOADS))('%s loads %j and nothing else', async (entry, expected) => {
    const found = await node(
      process.execPath,
      `import { registerHooks } from 'node:module'
       const found = new Set()
       registerHooks({ resolve(name, context, next) {
         if (context.parentURL?.includes('/auth-kit/') && !/^(node:|[.])/.test(name)) found.add(name)
         return next(name, context)
       } })
       await import('${entry}')
       console.log(JSON.stringify([...found].sort()))`,
    )
    expect(JSON.parse(found)).toEqual(expected)
  })

  it('has types: the examples of the README and an app in TypeScript compile', async () => {
    const examples = [...readme.matchAll(/^```js.*\n(?<code>[^]*?)^```$/gm)]
    expect(examples.length).toBeGreaterThan(6)
    for (const [at, example] of examples.entries()) {
      await writeFile(join(app, `example-${at}.js`), example.groups?.['code'] ?? '')
    }
    await writeFile(join(app, 'consumer.ts'), CONSUMER)
    await writeFile(join(app, 'tsconfig.json'), TSCONFIG)
    const tsc = join(workspace, 'node_modules/.bin/tsc')
    const { stdout } = await run(tsc, ['-p', app], { cwd: app }).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('has types for moduleResolution node10, too', async () => {
    await writeFile(join(app, 'node10.ts'), NODE10_CONSUMER)
    const tsc = join(app, 'node_modules/typescript5/bin/tsc')
    const flags = '--noEmit --strict --skipLibCheck --esModuleInterop --target es2022 --types node'
    const resolution = '--module commonjs --moduleResolution node10'
    const args = [tsc, ...`${flags} ${resolution} node10.ts`.split(' ')]
    const { stdout } = await run(process.execPath, args, { cwd: app }).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('works with Express 4.18', async () => {
    const services = await testRedis()
    await writeFile(join(app, 'express-4.js'), EXPRESS_4_APP)
    const env = { REDIS_URL: services.url, PREFIX: services.prefix }
    const { stdout } = await run(process.execPath, ['express-4.js'], { cwd: app, env })
    await services.close()
    expect(JSON.parse(stdout)).toEqual([
      [200, 1],
      [200, 2],
      [401, null],
    ])
  })

  describe.each(nodes)('with Node $version', ({ path }) => {
    it("runs the README's first example as plain JavaScript", async () => {
      const services = await testRedis()
      const { redis, prefix, url: redisUrl } = services
      const port = await findFreePort()
      const publicUrl = `http://localhost:${port}`
      const { groups } = /^```js app\.js\n(?<code>[^]*?)^```$/m.exec(readme) ?? {}
      const code = groups?.['code']?.replace('authKit({', `authKit({ prefix: '${prefix}',`)
      await writeFile(join(app, 'app.js'), code ?? '')
      const env = { REDIS_URL: redisUrl, SESSION_SECRETS: secrets.join(','), PORT: String(port) }
      const server = spawn(path, ['app.js'], { cwd: app, env, stdio: 'inherit' })
      try {
        await untilItAnswers(publicUrl)
        const user = await signInForTest({ redis, prefix, secrets, publicUrl })
        const headers = { cookie: user.cookie }
        const answer = await fetch(`${publicUrl}/me`, { headers })
        expect([answer.status, await answer.json()]).toEqual([200, { user: user.user }])
        expect((await fetch(`${publicUrl}/admin`, { headers })).status).toBe(403)
        await user.signOut()
        expect((await fetch(`${publicUrl}/me`, { headers })).status).toBe(401)
      } finally {
        if (server.exitCode === null && server.kill()) await once(server, 'exit')
        await services.close()
      }
    })

    it('can be required from CommonJS', async () => {
      const code = `console.log(require('auth-kit').authKit.name)`
      const { stdout } = await run(path, ['--input-type=commonjs', '-e', code], { cwd: app })
      expect(stdout).toBe('authKit\n')
    })
  })

  it('loads passport and logged-in with nothing else installed', async () => {
    const alone = join(app, 'alone')
    const installed = 'node_modules/auth-kit'
    await cp(join(app, installed), join(alone, installed), { recursive: true })
    const code = `await import('auth-kit/passport'); await import('auth-kit/logged-in')`
    for (const { path } of nodes) await node(path, code, alone)
  })

  async function node(path: string, code: string, cwd = app): Promise<string> {
    return (await run(path, ['--input-type=module', '-e', code], { cwd })).stdout
  }
})

function inPackage(path: string): string {
  return path.replace(/^\./, 'package')
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'))
}

async function nodeOfTheSystem() {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const PATH = folders.filter((folder) => !folder.includes('node_modules')).join(delimiter)
  const script = 'console.log(JSON.stringify({ version: process.version, path: process.execPath }))'
  const { stdout } = await run('node', ['-e', script], { env: { PATH } })
  const found: { version: string; path: string } = JSON.parse(stdout)
  return found.version === process.version ? [] : [found]
}

async function untilItAnswers(url: string): Promise<void> {
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    )
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) {
    if (await answers()) return
  }
  throw new Error(`${url} does not answer`)
}
