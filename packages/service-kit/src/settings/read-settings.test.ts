import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { readSettings } from './read-settings.ts'
import { SettingsError } from './settings-error.ts'
import { wholeNumber } from './setting-types.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const schema = z.object({
  PORT: wholeNumber({ min: 0, max: 65_535 }).default(3000),
  NAME: z.string(),
  SECRET: z.string().min(32).optional(),
})

function fileHolding(content: string): string {
  const path = join(folder, `value-${Math.random()}`)
  writeFileSync(path, content)
  return path
}

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    readSettings(schema, env)
  } catch (error) {
    if (error instanceof SettingsError)
      return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]))
    throw error
  }
  return {}
}

describe('readSettings', () => {
  it('returns typed values and defaults', () => {
    expect(readSettings(schema, { NAME: 'a', OTHER: 'ignored' })).toEqual({ PORT: 3000, NAME: 'a' })
    expect(readSettings(schema, { NAME: 'a', PORT: '80' })).toEqual({ PORT: 80, NAME: 'a' })
  })

  it('counts an empty value as absent', () => {
    expect(readSettings(schema, { NAME: 'a', PORT: '' })).toEqual({ PORT: 3000, NAME: 'a' })
    expect(problemsOf({ NAME: '' })).toEqual({ NAME: 'This is required.' })
  })

  it('reads a value from the file that NAME_FILE names, without its line end', () => {
    const env = { NAME_FILE: fileHolding('from a file\n') }
    expect(readSettings(schema, env).NAME).toBe('from a file')
  })

  it('refuses a value given twice, an unreadable file and an empty one', () => {
    expect(problemsOf({ NAME: 'a', NAME_FILE: fileHolding('b') }).NAME).toContain('not both')
    expect(problemsOf({ NAME_FILE: join(folder, 'absent') }).NAME).toContain('ENOENT')
    expect(problemsOf({ NAME_FILE: fileHolding('\n') }).NAME).toContain('empty')
  })

  it('drops spaces and line ends at the end of a value', () => {
    expect(readSettings(schema, { NAME: 'a \r', PORT: '80\r' })).toEqual({ PORT: 80, NAME: 'a' })
  })

  it('refuses a value in quotes, and more than one line', () => {
    expect(problemsOf({ NAME: '"a"' }).NAME).toContain('quotes')
    expect(problemsOf({ NAME_FILE: fileHolding("'a'\n") }).NAME).toContain('quotes')
    expect(problemsOf({ NAME_FILE: fileHolding('a\nb\n') }).NAME).toContain('one line')
    expect(readSettings(schema, { NAME: 'The "Shop"' }).NAME).toBe('The "Shop"')
  })

  it('names an unknown setting, with the one that is probably meant', () => {
    const urls = z.object({
      REDIS_URL: z.string().optional(),
      MONGO_URL: z.string().optional(),
      SESSION_SECRETS: z.string().optional(),
    })
    const env = { REDIS_URI: 'a', MONGODB_URI: 'b', SESION_SECRETS: 'c', PATH: 'd', HOME: 'e' }
    expect(() => readSettings(urls, env)).toThrow(
      /REDIS_URI: Unknown setting. Do you mean REDIS_URL\?.*mean MONGO_URL\?.*mean SESSION_SECRETS\?/s,
    )
    expect(readSettings(urls, { REDIS_URL: 'a', REDIS_URI: 'b' })).toEqual({ REDIS_URL: 'a' })
  })

  it('reports every problem in one message, and no value (R61)', () => {
    const env = { PORT: 'eighty', SECRET: 'hunter2', NAME_FILE: '/nowhere/hunter3' }
    expect(() => readSettings(schema, env)).toThrow(SettingsError)
    expect(Object.keys(problemsOf(env)).toSorted()).toEqual(['NAME', 'PORT', 'SECRET'])
    expect(() => readSettings(schema, env)).toThrow(/^(?!.*(eighty|hunter))/s)
  })
})
