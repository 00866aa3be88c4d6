import { describe, expect, it } from '@jest/globals'
import { appearanceOf } from './user-names.ts'
import { emailInput, knownEmailInput, usernameInput } from './user-input.ts'

describe('usernameInput', () => {
  it.each(['ab', 'a.b-c_d', '7up', 'rené', 'x'.repeat(40), 'अनिल'])('accepts %s', (name) => {
    expect(usernameInput.parse(name)).toBe(name.normalize('NFKC'))
  })

  it.each([
    'a',
    '',
    'x'.repeat(41),
    'a@b',
    'a b',
    '.a',
    '-a',
    'a\nb',
    'a\u200bb',
    '<b>',
    'a/b',
    'a:b',
  ])('refuses %j', (name) => {
    expect(usernameInput.safeParse(name).success).toBe(false)
  })
})

describe('usernameInput, against lookalikes', () => {
  it.each([
    ['an invisible name', '\u3164\u3164'],
    ['an invisible letter', 'ada\u3164'],
    ['a joiner', 'ada\u034F'],
    ['a mark on a Latin letter', 'ada\u0323\u0316'],
    ['a mark on a digit', '7\u0307up'],
    ['many marks', 'क\u0941\u0941\u0941'],
    ['a Cyrillic letter among Latin ones', 'аda'],
    ['a Greek letter among Latin ones', 'adοm'],
  ])('R84 refuses %s', (_what, name) => {
    expect(usernameInput.safeParse(name).success).toBe(false)
  })

  it.each(['Ада', 'Άννα', 'দীপা', '太郎t', '김ada', 'ﬁnn', 'ｖic'])('accepts %s', (name) => {
    expect(usernameInput.safeParse(name).success).toBe(true)
  })
})

describe('appearanceOf', () => {
  it.each([
    ['ada', 'аԁа'],
    ['bill', 'bi1l'],
    ['rené', 'rene'],
    ['morning', 'moming'],
    ['a.b', 'a_b'],
  ])('R84 is the same for %s and %s', (one, other) => {
    expect(appearanceOf(one)).toBe(appearanceOf(other))
  })

  it('differs for other names', () => {
    expect(appearanceOf('ada')).not.toBe(appearanceOf('adam'))
  })
})

describe('emailInput', () => {
  it.each(['a@b.test', "o'neil+tag@mail.b-c.example", 'mıke@münchen.example'])(
    'accepts %s',
    (email) => {
      expect(emailInput.parse(` ${email} `)).toBe(email)
    },
  )

  it.each([
    'a',
    '@b.test',
    'a@b',
    'a@b@c.test',
    '"a@evil.test"@b.test',
    'a@b.test, c@d.test',
    'group:a@b.test;',
    'a <a@b.test>',
    'a@b.test\r\nBcc: c@d.test',
    'a\u0000@b.test',
    'a@-b.test',
    'a@b..test',
    'a..b@c.test',
    '.a@b.test',
    'a.@b.test',
    '.@b.test',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@b.test`,
    `a@${'b.'.repeat(130)}test`,
  ])('refuses %j (C24, R43)', (email) => {
    expect(emailInput.safeParse(email).success).toBe(false)
  })

  it.each([
    ['a full-width letter', 'ｖictim@corp.example'],
    ['a ligature', 'ﬁnn@corp.example'],
    ['K (Kelvin)', 'mi\u212Ae@corp.example'],
    ['a full-width letter in the domain', 'victim@ｃorp.example'],
    ['a decomposed letter', 'andre\u0301@corp.example'],
  ])('C22 refuses %s, which would be looked up as another address', (_what, email) => {
    expect(emailInput.safeParse(email).success).toBe(false)
    expect(knownEmailInput.parse(email)).toBe(email)
  })

  it('handles long hostile text at once', () => {
    const started = performance.now()
    emailInput.safeParse(`a@${'a-'.repeat(8_000)}`)
    emailInput.safeParse(`a@${'a.'.repeat(120)}!`)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
