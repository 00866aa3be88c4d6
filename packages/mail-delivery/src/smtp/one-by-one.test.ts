import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { oneByOne } from './one-by-one.ts'

const PATIENCE_MS = 100

/** Takes turns of the given length, and counts how many run at the same time. */
function turns() {
  const takeTurn = oneByOne(PATIENCE_MS)
  let running = 0
  let most = 0
  async function last(ms: number): Promise<void> {
    const end = await takeTurn()
    running += 1
    most = Math.max(most, running)
    await sleep(ms)
    running -= 1
    end()
  }
  return { last, most: () => most }
}

describe('oneByOne', () => {
  it('gives turns one after the other while each is quick', async () => {
    const { last, most } = turns()
    await Promise.all(Array.from({ length: 20 }, () => last(2)))
    expect(most()).toBe(1)
  })

  it('gives a turn to all at once if one takes too long', async () => {
    const { last, most } = turns()
    const start = performance.now()
    await Promise.all(Array.from({ length: 20 }, () => last(3 * PATIENCE_MS)))
    expect(most()).toBe(20)
    // One after the other would take 6 s.
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('gives turns one after the other again once they are quick', async () => {
    const { last, most } = turns()
    const slow = last(3 * PATIENCE_MS)
    await last(1)
    await slow
    await Promise.all(Array.from({ length: 20 }, () => last(2)))
    expect(most()).toBe(2)
  })
})
