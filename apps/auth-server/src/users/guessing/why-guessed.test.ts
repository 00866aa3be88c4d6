import { describe, expect, it } from '@jest/globals'
import { isListed } from './common-passwords.ts'
import { whyGuessed } from './why-guessed.ts'

describe('whyGuessed refuses a password', () => {
  it.each([
    '1qaz2wsx3edc4rfv',
    'thisismypassword',
    'WelcomeToTheJungle',
    'passwordstandard',
    'polniypizdec0211',
    '123456789qwerty',
    'momsanaladventure',
    '30secondstomars',
  ])('if many people use it: %s (R4)', (password) => {
    expect(whyGuessed(password)).toContain('Many people')
  })

  it.each([
    'passwordpassword',
    'letmeinletmeinlet',
    'MonkeyMonkeyMonkey',
    'P@ssw0rd!P@ssw0rd!',
    'xk9 xk9 xk9 xk9 ',
    'iloveyou iloveyou',
    'aabaabaabaabaab',
    'dragon-dragon-dragon',
    'january2026january',
    '2026-11-30 2026-11-30',
    '30.11.2026/30.11.2026',
    '1 Nov 2026, 1 Nov 2026, ',
  ])('if it repeats a short or common text: %s (R4)', (password) => {
    expect(whyGuessed(password)).toMatch(/repeats|common|Many people/)
  })

  it.each([
    'aaaaaaaaaaaaaaa',
    '111111111111111',
    '               ',
    '!!!!!!!!!!!!!!!',
    'ñññññññññññññññ',
    'abcdefghijklmno',
    'zyxwvutsrqponml',
    '123456789012345',
    '987654321098765',
    'qwertyuiopasdfgh',
    'zxcvbnmasdfghjkl',
    '1qaz@2wsx#3edc',
    'poiuytrewqlkjhgf',
    'aaaaabbbbbccccc',
    'qwertzuiopasdfg',
    'azertyuiopqsdfg',
    'йцукенгшщзфывапр',
    '1q2w3e4r5t6y7u8',
    'a12345678901234',
    '31415926535897932',
    '3.1415926535897',
    'a1b2c3d4e5f6g7h8',
    'a1B2c3D4e5F6g7h',
    '1a2b3c4d5e6f7g8h',
    'aabbccddeeffgghh',
    'qawsedrftgyhujik',
    'a1b2c3d4e5f6!!!!',
  ])('if it consists of keys, letters or digits in a row: %s (R4)', (password) => {
    expect(whyGuessed(password)).toMatch(/in a row|Many people|repeats/)
  })

  it.each([
    'password1234567',
    'Password2024!!!',
    '1234567password',
    'iloveyou1234567',
    'admin1234567890',
    'p4ssw0rd1234567',
    'football2024!!!!',
    '!!!dragon!!!2024',
    'monkey-20251224-',
    'sunshine!!!!!!!',
    'letmein83917465',
    'qwerty !! 123456',
    'thisismypassword1',
    'p a s s w o r d 1',
  ])('if it is a common one with digits and signs added: %s (R4)', (password) => {
    expect(whyGuessed(password)).toMatch(/digits or signs|in a row|Many people/)
  })

  it('if it is one of over 3,000 leaked ones of at least 15 characters (R4)', () => {
    expect(isListed('nemvxyheqdd5oqxyxyzi')).toBe(true)
    expect(isListed('perasperaadastra')).toBe(true)
  })
})

describe('whyGuessed accepts a password', () => {
  const words =
    'password monkey dragon sunshine football princess shadow master batman summer flower cookie'
      .split(' ')
      .map((word, at, all) => [
        word,
        all[(at + 1) % all.length] ?? '',
        all[(at + 5) % all.length] ?? '',
      ])
  const ways: ((one: string, two: string, three: string) => string)[] = [
    (one, two, three) => `${one} ${two} ${three}`,
    (one, two, three) => `${one}${two}${three}`,
    (one, two, three) => `${one}-${two}-${three}-2024`,
    (one, two) => `my ${one} has a ${two}`,
    (one, two) => `no ${one} eats my ${two}!`,
    (one, two) => `${one.toUpperCase()} und kein ${two}`,
    (one) => `qwerty is not a ${one}`,
    (one) => `${one} 12345 abc times`,
    (one, two) => `The${one}AndThe${two}77`,
    (one) => `a ${one} walks along the river`,
    (one, two) => `1. ${one} 2. ${two} 3. tea`,
    (one) => `${one}, ${one} and rain`,
    (one) => `${one}${one} is half of it`,
    (one) => `never say ${one} twice`,
    (one, two, three) => `${three}_${one}_${two}`,
    (one) => `xK7#${one}qv9Zt2m`,
    (one) => `${one} 839174650192837`,
    (one, two) => `31 ${one} in january 2026 ${two}`,
  ]
  const passphrases = ways.flatMap((way) =>
    words.map(([one = '', two = '', three = '']) => way(one, two, three)),
  )

  it('if a common one is only a part of it: 216 passphrases (R4)', () => {
    expect(new Set(passphrases).size).toBeGreaterThanOrEqual(200)
    expect(passphrases.filter((passphrase) => whyGuessed(passphrase))).toEqual([])
  })

  it.each(['839174650192837', 'a7B2k3D9e5Q6g1h', '😀'.repeat(64), 'mañana será otro día'])(
    'if no pattern explains it: %s',
    (password) => expect(whyGuessed(password)).toBeUndefined(),
  )
})
