import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

// Plain JavaScript that has to run on a bare Node: asked in a process of its own.
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

describe('what is missing', () => {
  const bare = {
    redis: false,
    redisElsewhere: false,
    rabbit: false,
    rabbitElsewhere: false,
    browser: false,
  }
  const elsewhere = { redisElsewhere: true, rabbitElsewhere: true }

  it('is a Redis and a RabbitMQ to run and, for the tests, a browser too', () => {
    expect(missing({ ...bare, command: 'start' })).toEqual(['redis-server', 'rabbitmq-server'])
    expect(missing({ ...bare, command: 'test' })).toEqual([
      'redis-server',
      'rabbitmq-server',
      'chromium',
    ])
  })

  it('is nothing to start with where both are elsewhere', () => {
    expect(missing({ ...bare, ...elsewhere, command: 'start' })).toEqual([])
  })

  it('is still both for the tests, which stop some of their own', () => {
    expect(missing({ ...bare, ...elsewhere, command: 'test', browser: true })).toEqual([
      'redis-server',
      'rabbitmq-server',
    ])
  })

  it('is nothing where everything is there', () => {
    expect(missing({ ...bare, command: 'test', redis: true, rabbit: true, browser: true })).toEqual(
      [],
    )
  })
})

describe('what somebody is told to install', () => {
  it('names the packages for each package manager', () => {
    const advice = ask(
      './install-packages.mjs',
      `it.whatToInstall(['redis-server', 'chromium'], 'test')`,
    )
    expect(advice).toContain('sudo apt-get install redis-server chromium')
    expect(advice).toContain('sudo dnf install redis chromium')
    expect(advice).toContain('brew install redis && brew install --cask chromium')
    expect(advice).toContain('CHROMIUM_PATH')
  })
})

describe('the Node it runs on', () => {
  it('is 20 or later', () => {
    expect(checkNode('20.0.0')).toBe(true)
    expect(checkNode('26.1.0')).toBe(true)
    expect(() => checkNode('18.20.4')).toThrow('This needs Node 20 or later, and finds 18.20.4')
  })
})

describe('the workspace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'setup-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const stamp = () => ask('./install-workspace.mjs', `it.stampOf('${folder}')`)

  it('is installed again when what decides about it changes, and only then', () => {
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
