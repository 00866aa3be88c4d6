import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createLogger } from './create-logger.ts'
import { repeat } from './repeat.ts'

function quiet() {
  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) }
  const logger = createLogger({ name: 'test', level: 'warn', pretty: false, destination })
  return { lines, logger }
}

describe('repeat', () => {
  it('skips beats while it works, so that stopping waits for one run only', async () => {
    let begun = 0
    const work = async () => {
      begun += 1
      await sleep(200)
    }
    const repeated = repeat({ what: 'sweeping', everyMs: 10, logger: quiet().logger, work })
    await sleep(100)
    const start = performance.now()
    await repeated.stop()
    expect(performance.now() - start).toBeLessThan(400)
    expect(begun).toBe(1)
    await sleep(50)
    expect(begun).toBe(1)
  })

  it('logs a failure and goes on', async () => {
    const { lines, logger } = quiet()
    const again = Promise.withResolvers<void>()
    let begun = 0
    const work = async () => {
      begun += 1
      if (begun === 1) throw new Error('not today')
      again.resolve()
    }
    const repeated = repeat({ what: 'sweeping', everyMs: 10, logger, work })
    await again.promise
    await repeated.stop()
    expect(lines.join('')).toMatch(/not today.*sweeping failed/)
  })
})
