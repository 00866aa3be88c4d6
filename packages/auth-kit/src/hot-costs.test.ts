import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { testRedis } from '../../../tools/testing/test-services.ts'

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

/** What 100 guarded requests cost, after as many that may warm up. */
async function costs(mode: 'cached' | 'uncached') {
  const script = fileURLToPath(new URL('hot-costs-process.fixture.ts', import.meta.url))
  const args = ['-C', 'source', script, services.url, services.prefix, mode]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout).later
}

describe('100 guarded requests with a session in memory', () => {
  it('parse nothing, hash nothing and send Redis nothing', async () => {
    expect(await costs('cached')).toEqual({ parses: 0, hashes: 0, commands: 0 })
  })

  it('cost more without the cache, so that the counters count', async () => {
    const { parses, commands } = await costs('uncached')
    expect(parses).toBeGreaterThanOrEqual(100)
    expect(commands).toBeGreaterThanOrEqual(100)
  })
})
