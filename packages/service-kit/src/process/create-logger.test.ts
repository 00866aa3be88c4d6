import { describe, expect, it } from '@jest/globals'
import { recordedLogger } from '../http/serve.fixture.ts'

const hostile = 'ok\n{"level":60,"msg":"forged"}\r\u001b[2J\u2028\u0085\u009b31m end'
const acted = /[\p{Cc}\u2028\u2029]/u

describe.each([{ pretty: false }, { pretty: true }])('createLogger, pretty: $pretty', (form) => {
  it('keeps every event on one line, whatever its message, fields or error contain (R61)', () => {
    const { logger, lines } = recordedLogger(form)
    logger.info(hostile)
    logger.info({ name: hostile, [hostile]: { deep: hostile } }, 'fields')
    logger.error({ err: new Error(hostile, { cause: new Error(hostile) }) }, hostile)
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true)
      expect(line.slice(0, -1)).not.toMatch(acted)
    }
  })

  it('hides fields that are named like a secret (R61)', () => {
    const { logger, lines } = recordedLogger(form)
    logger.info({ password: 'hunter2', body: { client_secret: 'hunter2' } }, 'a')
    logger.info({ req: { headers: { cookie: 'hunter2', 'set-cookie': ['hunter2'] } } }, 'b')
    expect(lines.join('')).not.toContain('hunter2')
    expect(lines.join('')).toContain('[hidden]')
  })

  it('logs the chain of causes, and nothing that libraries attach to errors (R61)', () => {
    const { logger, lines } = recordedLogger(form)
    const cause = Object.assign(new Error('socket gone'), { code: 'ECONNRESET' })
    const error = Object.assign(new Error('no store', { cause }), { body: 'hunter2' })
    logger.error({ err: error }, 'failed')
    expect(lines.join('')).toContain('socket gone')
    expect(lines.join('')).toContain('ECONNRESET')
    expect(lines.join('')).not.toContain('hunter2')
  })
})

describe('createLogger', () => {
  it('writes JSON that parses back to exactly what was logged', () => {
    const { logger, events } = recordedLogger()
    logger.info({ field: hostile }, hostile)
    expect(events()[0]).toMatchObject({ msg: hostile, field: hostile })
  })

  it('prints time, level, name and message for a person', () => {
    const { logger, lines } = recordedLogger({ pretty: true })
    logger.info({ port: 3000 }, 'listening')
    expect(lines[0]).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO \(test\): listening \{"port":3000\}\n$/,
    )
  })

  it('prints quotes and backslashes once', () => {
    const { logger, lines } = recordedLogger({ pretty: true })
    logger.info('"C:\\new"')
    expect(lines[0]?.endsWith(': "C:\\new"\n')).toBe(true)
  })
})
