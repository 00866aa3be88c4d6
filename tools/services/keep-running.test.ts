import { afterEach, describe, expect, it } from '@jest/globals'
import { keepChild } from './keep-child.ts'
import { type KeptRunning, keepRunning } from './keep-running.ts'

let kept: KeptRunning | undefined
let said: string[] = []
afterEach(async () => {
  await kept?.stop()
  said = []
})

const keep = (command: string, signal?: AbortSignal) =>
  keepRunning({
    name: 'It',
    run: (ending) => keepChild({ command: ['sh', '-c', command], signal: ending }),
    log: (line) => said.push(line),
    signal,
  })

describe('a process that is kept running', () => {
  it('is given up with the reason if it ends again and again', async () => {
    kept = await keep('exit 3')
    await expect(kept.failed).rejects.toThrow('It ended with exit code 3 again and again.')
    const lines = ['It ended with exit code 3. Restarting …', 'It is back.']
    expect(said).toEqual([...lines, ...lines, ...lines])
  })

  it('is given up with the reason if it does not restart', async () => {
    let starts = 0
    const run = async (signal: AbortSignal) => {
      starts += 1
      if (starts > 1) throw new Error('its port is taken')
      return keepChild({ command: ['true'], signal })
    }
    kept = await keepRunning({ name: 'It', run, log: (line) => said.push(line) })
    await expect(kept.failed).rejects.toThrow(/does not restart: .*its port is taken/)
  })

  it('ends for good when it is stopped or the signal aborts', async () => {
    kept = await keep('sleep 60')
    await kept.stop()
    expect(isAlive(kept.pid)).toBe(false)
    const ending = new AbortController()
    kept = await keep('sleep 60', ending.signal)
    ending.abort()
    await kept.stop()
    expect(isAlive(kept.pid)).toBe(false)
    expect(said).toEqual([])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
