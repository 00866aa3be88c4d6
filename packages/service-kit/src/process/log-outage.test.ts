import { describe, expect, it } from '@jest/globals'
import { createLogger } from './create-logger.ts'
import { logOutage } from './log-outage.ts'

function outageLog() {
  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) }
  const logger = createLogger({ name: 'shop', level: 'info', pretty: false, destination })
  const messages = () => lines.map((line) => JSON.parse(line).msg)
  return { ...logOutage(logger, 'Redis'), messages }
}

describe('logOutage', () => {
  it('logs each outage once, however often the client reconnects', () => {
    const { onError, messages } = outageLog()
    for (let attempt = 0; attempt < 100; attempt += 1) onError(new Error('connection refused'))
    onError(new Error('wrong password'))
    expect(messages()).toEqual([
      'Redis is down: connection refused',
      'Redis is down: wrong password',
    ])
  })

  it('logs the end of an outage, but not the first connection', () => {
    const { onError, onReady, messages } = outageLog()
    onReady()
    onError(new Error('connection refused'))
    onReady()
    onReady()
    onError(new Error('connection refused'))
    expect(messages()).toEqual([
      'Redis is down: connection refused',
      'Redis is back.',
      'Redis is down: connection refused',
    ])
  })
})
