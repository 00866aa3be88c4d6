import { describe, expect, it } from '@jest/globals'
import { readConfig } from '../config/config.ts'
import { passwordProblems } from './password-rules.ts'

function problemsOf(password: string, env: Record<string, string> = {}): string[] {
  const config = readConfig({ PUBLIC_URL: 'https://login.brewery.example', ...env })
  return passwordProblems(config, { password, username: 'theresa', email: 'tess.kay@mail.test' })
}

const problem = (words: string) => [expect.stringContaining(words)]

describe('passwordProblems', () => {
  it('refuses 14 characters and accepts 15 (R1)', () => {
    expect(problemsOf('a7B2k3D9e5Q6g1')).toEqual(problem('at least 15 characters'))
    expect(problemsOf('a7B2k3D9e5Q6g1h')).toEqual([])
  })

  it('counts code points after NFKC (R1, R2)', () => {
    expect(problemsOf('😀'.repeat(14))).toEqual(problem('at least 15'))
    expect(problemsOf('😀'.repeat(64))).toEqual([])
    expect(problemsOf('áéíóúàèìòù'.normalize('NFD'))).toEqual(problem('at least 15'))
  })

  it('accepts 128 characters and refuses 129', () => {
    expect(problemsOf('x y'.repeat(42) + 'zz')).toEqual([])
    expect(problemsOf('x y'.repeat(42) + 'zzz')).toEqual(problem('at most 128 characters'))
  })

  it.each([
    'only small letters here',
    '839 175 0284 61 507',
    ' a  very   wide    gap ',
    'ÄÖÜ ñandú ελληνικά',
    '!"§$%&/()=?*+#-_',
  ])('accepts any composition: %j (R3)', (password) => {
    expect(problemsOf(password)).toEqual([])
  })

  it.each(['q1w2e3r4t5y6u7i8', '1qaz2wsx3edc4rfv', 'PasswordPASSWORD'])(
    'refuses %s, which many people use, in any case (R4)',
    (password) => {
      expect(problemsOf(password)).toEqual(problem('Many people'))
    },
  )

  it('refuses common short ones even if the minimum length allows them (R4)', () => {
    const shorter = { PASSWORD_MIN_LENGTH: '8' }
    expect(problemsOf('iloveyou', shorter)).toEqual(problem('Many people'))
    expect(problemsOf('yz9 wq8 ', shorter)).toEqual([])
  })

  it('refuses the name of the site and its host (R5)', () => {
    expect(problemsOf('my LatchKey password')).toEqual(problem('name of this site'))
    expect(problemsOf('my brewery password')).toEqual(problem('name of this site'))
    expect(problemsOf('my redbarn password', { SITE_NAME: 'Red Barn' })).toEqual(problem('site'))
    expect(problemsOf('for example a password')).toEqual([])
  })

  it('refuses the user name and the name before the @ (R5)', () => {
    expect(problemsOf('Theresa likes rivers')).toEqual(problem('user name'))
    expect(problemsOf('rivers TESS.KAY rivers')).toEqual(problem('user name'))
    expect(problemsOf('mail for the test of it')).toEqual([])
  })

  it.each([
    'latch key latch key',
    'L@tchkey2026!!!!',
    'l-a-t-c-h-k-e-y',
    '1atchk3y 1atchk3y',
    'latch!key!latch!key!',
    'brew3ry...12345',
  ])('refuses the name of the site in disguise: %s (R5)', (password) => {
    expect(problemsOf(password).at(-1)).toContain('name of this site')
  })

  it.each(['th3resa*th3resa*', 'T H E R E S A 1999', 'te$$kay te$$kay', 't.e.s.s.k.a.y 2026'])(
    'refuses the user’s names in disguise: %s (R5)',
    (password) => {
      expect(problemsOf(password).at(-1)).toContain('user name')
    },
  )

  it.each([
    'a stitch, the res away',
    'latch the key tonight',
    'no latch, key or door',
    'l@tch key and kettle',
  ])('accepts a text in which a name only shows up without its spaces: %s (R5)', (password) => {
    expect(problemsOf(password)).toEqual([])
  })

  it('finds long names in hostile text at once (R5)', () => {
    const config = readConfig({ PUBLIC_URL: 'https://login.brewery.example' })
    const started = performance.now()
    const password = '$!@'.repeat(42)
    passwordProblems(config, { password, username: `${'sia'.repeat(13)}t`, email: 'a@b.test' })
    expect(performance.now() - started).toBeLessThan(200)
  })

  it('reports all problems at once', () => {
    expect(problemsOf('latchkey')).toHaveLength(2)
  })
})
