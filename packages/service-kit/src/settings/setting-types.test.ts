import { describe, expect, it } from '@jest/globals'
import { basePath, commaList, originList, wholeNumber } from './setting-types.ts'

describe('wholeNumber', () => {
  it('accepts digits within the limits and nothing else', () => {
    const port = wholeNumber({ min: 1, max: 10 })
    expect(port.parse('10')).toBe(10)
    for (const wrong of ['0', '11', '1.5', '0x5', '1e1', ' 5', '-1'])
      expect(port.safeParse(wrong).success).toBe(false)
  })
})

describe('commaList', () => {
  it('drops spaces and empty entries', () => {
    expect(commaList().parse(' a, b,,c ,')).toEqual(['a', 'b', 'c'])
  })
})

describe('originList', () => {
  it('accepts exact origins only', () => {
    expect(originList().parse('https://a.example, http://localhost:3001/')).toEqual([
      'https://a.example',
      'http://localhost:3001',
    ])
    for (const wrong of [
      '*',
      'a.example',
      'https://*.a.example/x',
      'https://a.example/path',
      'ftp://a',
    ])
      expect(originList().safeParse(wrong).success).toBe(false)
  })
})

describe('basePath', () => {
  it('has a slash at both ends', () => {
    expect(['/', 'auth', '/auth', '/auth/', '/a/b'].map((path) => basePath().parse(path))).toEqual([
      '/',
      '/auth/',
      '/auth/',
      '/auth/',
      '/a/b/',
    ])
  })

  it('refuses anything but a plain path', () => {
    for (const wrong of ['https://a/', '/a b/', '/a?b', '/../', '//evil.example', '/:x'])
      expect(basePath().safeParse(wrong).success).toBe(false)
  })
})
