import { describe, expect, it } from '@jest/globals'
import { createLogger } from './create-logger.ts'
import { logOutage } from './log-outage.ts'

describe('logOutage', () => {
  it('tells an outage once, however often the client tries again, and another one too', () => {
    const lines: string[] = []
    const destination = { write: (line: string) => lines.push(line) }
    const logger = createLogger({ name: 'shop', level: 'info', pretty: false, destination })
    const onError = logOutage(logger, 'Redis')
    for (let attempt = 0; attempt < 100; attempt += 1) onError(new Error('connection refused'))
    onError(new Error('wrong password'))
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'Redis is away: connection refused',
      'Redis is away: wrong password',
    ])
  })
})
