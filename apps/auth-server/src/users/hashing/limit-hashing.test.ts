import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { beforeStrangers, limitHashing } from './limit-hashing.ts'

describe('limitHashing', () => {
  it('runs at most three at once, runs all of them, and continues after failures', async () => {
    let running = 0
    let most = 0
    const work = async (number: number) => {
      running += 1
      most = Math.max(most, running)
      await sleep(5)
      running -= 1
      if (number % 3 === 0) throw new Error('failed')
      return number
    }
    const tasks = Array.from({ length: 30 }, (_, number) => limitHashing(() => work(number)))
    const results = await Promise.allSettled(tasks)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(3)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
  })

  it('R11 runs work for known users before that for strangers, each in order', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const holders = Array.from({ length: 3 }, () => limitHashing(() => held))
    const done: string[] = []
    const note = (name: string) => limitHashing(async () => void done.push(name))
    const all = [note('stranger 1'), note('stranger 2')]
    all.push(
      beforeStrangers(() => note('known 1')),
      beforeStrangers(() => note('known 2')),
    )
    letGo()
    await Promise.all([...holders, ...all])
    expect(done).toEqual(['known 1', 'known 2', 'stranger 1', 'stranger 2'])
  })

  it('R63 answers 503 for work that has waited for 8 s', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    // Fills every turn on a machine of any size; more of them just wait.
    const holders = Promise.allSettled(Array.from({ length: 3 }, () => limitHashing(() => held)))
    await expect(limitHashing(async () => 'late')).rejects.toMatchObject({ status: 503 })
    letGo()
    await holders
    await expect(limitHashing(async () => 'in time')).resolves.toBe('in time')
  })
})
