import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>

beforeAll(async () => {
  server = await startOperatedServer()
})
afterAll(() => server.close())

async function block(address: string): Promise<void> {
  const [since, until] = [new Date(), new Date(Date.now() + 900_000)]
  await server.blocks.create({ _id: address, since, until, failures: 20, times: 1 })
}

async function blocked(): Promise<string[]> {
  const { addresses } = await server.cli.json(['addresses', 'list'])
  return addresses.map(({ address }: { address: string }) => address)
}

describe('addresses list', () => {
  it('shows the blocked addresses, until when and how often', async () => {
    await block('203.0.113.1')
    const { addresses } = await server.cli.json(['addresses', 'list'])
    expect(addresses).toMatchObject([{ address: '203.0.113.1', failures: 20, times: 1 }])
    const { stdout } = await server.cli.run(['addresses', 'list'])
    expect(stdout).toMatch(/203\.0\.113\.1 .* UTC/)
  })
})

describe('addresses lift', () => {
  it('lifts the block of an address or an IPv6 network and records it in the audit log', async () => {
    await block('203.0.113.2')
    await block('2001:db8:3:3::/64')
    expect(await server.cli.json(['addresses', 'lift', '203.0.113.2'])).toEqual({
      lifted: '203.0.113.2',
    })
    await server.cli.json(['addresses', 'lift', '2001:db8:3:3::7'])
    expect(await blocked()).not.toContain('203.0.113.2')
    expect(await blocked()).not.toContain('2001:db8:3:3::/64')
    const [first] = await server.audited({ event: 'suspension_lifted' })
    expect(first).toMatchObject({ subjectId: '203.0.113.2', actorId: null, address: null })
  })

  it('fails for an address that is not blocked', async () => {
    expect(await server.cli.run(['addresses', 'lift', '203.0.113.9'])).toMatchObject({ code: 1 })
  })
})
