import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { oneByOne } from './one-by-one.ts'

const PATIENCE_MS = 100

/** Who takes a turn for so many ms, and how many had one at the same time. */
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

describe('turns, one by one', () => {
  it('come one after the other where each is quick', async () => {
    const { last, most } = turns()
    await Promise.all(Array.from({ length: 20 }, () => last(2)))
    expect(most()).toBe(1)
  })

  it('are given to all at once when one of them takes too long', async () => {
    const { last, most } = turns()
    const start = performance.now()
    await Promise.all(Array.from({ length: 20 }, () => last(3 * PATIENCE_MS)))
    expect(most()).toBe(20)
    // One after the other that is 6 s.
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('come one after the other again once they are quick again', async () => {
    const { last, most } = turns()
    const slow = last(3 * PATIENCE_MS)
    await last(1)
    await slow
    await Promise.all(Array.from({ length: 20 }, () => last(2)))
    expect(most()).toBe(2)
  })
})
