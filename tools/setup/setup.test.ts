import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'

// This plain JavaScript has to run on a bare Node, so it gets a process of its own.
function ask(file: string, expression: string): unknown {
  const url = new URL(file, import.meta.url).href
  const program = `import * as it from '${url}'; process.stdout.write(JSON.stringify(${expression}))`
  return JSON.parse(
    String(execFileSync('node', ['--input-type=module', '--eval', program], { stdio: 'pipe' })),
  )
}

function missing(machine: Record<string, unknown>): unknown {
  return ask('./missing-packages.mjs', `it.missingPackages(${JSON.stringify(machine)})`)
}

function checkNode(version: string): unknown {
  return ask('./check-node.mjs', `it.checkNode('${version}') ?? true`)
}

describe('npm start with NODE_ENV=production', () => {
  it('starts nothing, and says how to try the system and how to run it', () => {
    const run = fileURLToPath(new URL('run.mjs', import.meta.url))
    const env = { ...process.env, NODE_ENV: 'production' }
    const { status, stdout, stderr } = spawnSync('node', [run, 'start'], { env, encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, ''])
    for (const words of ['demo accounts', 'NODE_ENV=development npm start', 'In production'])
      expect(stderr).toContain(words)
  })
})

describe('the missing packages', () => {
  const bare = {
    redis: false,
    redisElsewhere: false,
    rabbit: false,
    rabbitElsewhere: false,
    mongo: false,
    mongoElsewhere: false,
    browser: false,
  }
  const elsewhere = { redisElsewhere: true, rabbitElsewhere: true, mongoElsewhere: true }

  it('are a Redis, a RabbitMQ, a Go to build a MongoDB and, for the tests, a browser', () => {
    const servers = ['redis-server', 'rabbitmq-server', 'golang-go']
    expect(missing({ ...bare, command: 'start' })).toEqual(servers)
    expect(missing({ ...bare, command: 'test' })).toEqual([...servers, 'chromium'])
  })

  it('are none for npm start if all services are elsewhere', () => {
    expect(missing({ ...bare, ...elsewhere, command: 'start' })).toEqual([])
  })

  it('are still all of them for the tests, which stop some of their own', () => {
    expect(missing({ ...bare, ...elsewhere, command: 'test', browser: true })).toEqual([
      'redis-server',
      'rabbitmq-server',
      'golang-go',
    ])
  })

  it('are none if everything is installed', () => {
    const full = { redis: true, rabbit: true, mongo: true, browser: true }
    expect(missing({ ...bare, ...full, command: 'test' })).toEqual([])
  })
})

describe('the message about missing packages', () => {
  const advice = (path: string) => {
    const missing = ['redis-server', 'golang-go', 'chromium']
    const why = 'apt-get needs root, and there is no sudo'
    const machine = { missing, command: 'test', env: { PATH: path }, why, whyNoMongo: 'no route' }
    return ask('./install-packages.mjs', `it.whatToInstall(${JSON.stringify(machine)})`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'manager-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('names each with its purpose and setting, and says why they were not installed', () => {
    const text = advice(folder)
    for (const words of ['REDIS_URL', 'MONGO_URL', 'CHROMIUM_PATH', 'there is no sudo', 'no route'])
      expect(text).toContain(words)
  })

  it('names the packages as each package manager does', () => {
    const text = advice(folder)
    expect(text).toContain('sudo apt-get install redis-server golang-go chromium')
    expect(text).toContain('sudo dnf install redis golang chromium')
    expect(text).toContain('sudo pacman -S redis go chromium')
    expect(text).toContain('brew install redis go && brew install --cask chromium')
  })

  it('names only the package manager of this machine', () => {
    writeFileSync(join(folder, 'dnf'), '#!/bin/sh', { mode: 0o755 })
    const text = advice(folder)
    expect(text).toContain('sudo dnf install')
    expect(text).not.toMatch(/apt-get install|brew/)
  })
})

describe('the Node version', () => {
  it('must be 20 or later', () => {
    expect(checkNode('20.0.0')).toBe(true)
    expect(checkNode('26.1.0')).toBe(true)
    expect(() => checkNode('18.20.4')).toThrow('This needs Node 20 or later, but runs on 18.20.4')
  })
})

describe('the workspace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'setup-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const stamp = () => ask('./install-workspace.mjs', `it.stampOf('${folder}')`)

  it('is installed again only if a file that affects the installation changes', () => {
    for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
      cpSync(new URL(`../../${file}`, import.meta.url).pathname, join(folder, file))
    mkdirSync(join(folder, 'apps/shop'), { recursive: true })
    mkdirSync(join(folder, 'packages'))
    const first = stamp()
    writeFileSync(join(folder, 'apps/shop/main.ts'), '')
    expect(stamp()).toBe(first)

    writeFileSync(join(folder, 'apps/shop/package.json'), '{}')
    const second = stamp()
    expect(second).not.toBe(first)
    writeFileSync(join(folder, 'pnpm-lock.yaml'), 'other')
    expect(stamp()).not.toBe(second)
  })
})
