import { describe, expect, it } from '@jest/globals'
import { SettingsError } from 'service-kit'
import { readConfig } from './config.ts'

function settingsWithProblems(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof SettingsError)
      return error.problems.map(({ setting }) => setting).toSorted()
    throw error
  }
  return []
}

describe('readConfig', () => {
  it('requires no settings outside production', () => {
    expect(readConfig({}).publicUrl.href).toBe('http://localhost:3001/')
  })

  it.each([
    ['PORT', '70000'],
    ['PORT', 'abc'],
    ['PUBLIC_URL', 'http://hunter2:hunter2'],
  ])('reports every invalid setting at once: %s=%s', (name, value) => {
    const env = { [name]: value, SESSION_IDLE_DAYS: '91', LIMIT_API_PER_TOKEN: '0' }
    expect(settingsWithProblems(env)).toEqual(Object.keys(env).toSorted())
  })

  it('accepts fractions of a day for session lifetimes', () => {
    const { sessionIdleDays, sessionAbsoluteDays } = readConfig({
      SESSION_IDLE_DAYS: '0.001',
      SESSION_ABSOLUTE_DAYS: '1.5',
    })
    expect([sessionIdleDays, sessionAbsoluteDays]).toEqual([0.001, 1.5])
  })

  it('requires COOKIE_DOMAIN to be the host of PUBLIC_URL or a parent domain', () => {
    const COOKIE_DOMAIN = 'shop.test'
    const PUBLIC_URL = 'https://www.shop.test'
    expect(settingsWithProblems({ COOKIE_DOMAIN, PUBLIC_URL })).toEqual([])
    expect(settingsWithProblems({ COOKIE_DOMAIN })).toEqual(['COOKIE_DOMAIN'])
  })
})
