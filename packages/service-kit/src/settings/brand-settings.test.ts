import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { brandSettings } from './brand-settings.ts'
import { colorContrast } from './color-contrast.ts'
import { readSettings } from './read-settings.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (env: Record<string, string>) => readSettings(z.object(brandSettings()), env)

describe('BRAND_COLOR', () => {
  it.each(['#0e5c4a', '#635BFF', '#b3261e', '#000000'])(
    '%s can be read on either page',
    (color) => {
      const brand = read({ BRAND_COLOR: color }).BRAND_COLOR
      expect(colorContrast('#ffffff', brand?.light ?? '')).toBeGreaterThanOrEqual(4.5)
      expect(colorContrast('#161d1a', brand?.dark ?? '')).toBeGreaterThanOrEqual(4.5)
      expect(colorContrast('#111111', brand?.dark ?? '')).toBeGreaterThanOrEqual(4.5)
    },
  )

  it('is refused with its contrast if white text cannot be read on it', () => {
    expect(() => read({ BRAND_COLOR: '#ffcc00' })).toThrow(
      'This colour has a contrast of 1.5:1 to white. Text needs 4.5:1: choose a darker one.',
    )
  })

  it.each(['green', '#0e5', 'rgb(0,0,0)', '#0e5c4a;}'])('must be a hex colour: %s', (color) => {
    expect(() => read({ BRAND_COLOR: color })).toThrow('a colour such as #0e5c4a')
  })
})

describe('LOGO_FILE', () => {
  it('is read with its type', () => {
    const path = join(folder, 'logo.svg')
    writeFileSync(path, '<svg/>')
    const logo = read({ LOGO_FILE: path }).LOGO_FILE
    expect(logo).toEqual({ type: 'image/svg+xml', content: Buffer.from('<svg/>') })
  })

  it('must be a picture that can be read, of at most 200 kB', () => {
    const large = join(folder, 'large.png')
    writeFileSync(large, Buffer.alloc(200_001))
    expect(() => read({ LOGO_FILE: large })).toThrow('larger than 200 kB')
    expect(() => read({ LOGO_FILE: join(folder, 'none.png') })).toThrow('cannot be read')
    expect(() => read({ LOGO_FILE: join(folder, 'logo.txt') })).toThrow('.svg, .png or .jpg')
  })
})

describe('the contrast of two colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#767676', '#ffffff', 4.54],
    ['#ffffff', '#ffffff', 1],
  ])('%s and %s: %d', (one, other, ratio) => {
    expect(colorContrast(one, other)).toBeCloseTo(ratio, 2)
    expect(colorContrast(other, one)).toBeCloseTo(ratio, 2)
  })
})
