import { describe, expect, it } from '@jest/globals'
import { SettingsError } from 'service-kit'
import { readConfig } from './config.ts'

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof SettingsError)
      return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]))
    throw error
  }
  return {}
}

describe('SIGN_UP', () => {
  it.each([
    ['', { by: 'invite' }],
    ['invite', { by: 'invite' }],
    ['open', { by: 'anybody' }],
    ['example.com', { by: 'domain', domains: ['example.com'] }],
    ['Example.com, bücher.example', { by: 'domain', domains: ['example.com', 'bücher.example'] }],
  ])('%j is read as %j', (SIGN_UP, expected) => {
    expect(readConfig({ SIGN_UP }).signUp).toEqual(expected)
  })

  it.each(['closed', 'open,example.com', '@example.com', '*.example.com', 'a@example.com', 'a..b'])(
    'refuses %j',
    (SIGN_UP) => {
      expect(problemsOf({ SIGN_UP })).toEqual({
        SIGN_UP: 'This must be invite, open, or domains such as example.com,example.org.',
      })
    },
  )

  it('is up to the user service if there is one', () => {
    const env = { SIGN_UP: 'open', USER_DIRECTORY_URL: 'http://localhost:4000' }
    expect(problemsOf(env)).toHaveProperty('SIGN_UP')
  })
})
