import { describe, expect, it } from '@jest/globals'
import { generate } from 'otplib'
import { newTotpSecret, stepOfCode } from './totp.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const seed = '12345678901234567890'

it.each([755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489])(
  'counter %# gives %s (RFC 4226, appendix D)',
  async (code) => {
    const counter = [
      755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489,
    ].indexOf(code)
    expect(await generate({ secret: ascii(seed), strategy: 'hotp', counter })).toBe(
      String(code).padStart(6, '0'),
    )
  },
)

describe('RFC 6238, appendix B', () => {
  const seeds = {
    sha1: seed,
    sha256: `${seed}123456789012`,
    sha512: `${seed}${seed}${seed}1234`,
  } as const
  it.each([
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ])('at %i s', async (epoch, sha1, sha256, sha512) => {
    const codes = await Promise.all(
      (['sha1', 'sha256', 'sha512'] as const).map((algorithm) =>
        generate({ secret: ascii(seeds[algorithm]), algorithm, digits: 8, epoch }),
      ),
    )
    expect(codes).toEqual([sha1, sha256, sha512])
  })
})

describe('a one-time code', () => {
  const secret = newTotpSecret()
  const now = new Date('2026-01-02T03:04:05Z')
  const step = Math.floor(now.getTime() / 30_000)
  const codeOf = (offset: number) => generate({ secret, epoch: (step + offset) * 30 })

  it('R71 is accepted at most one step early or late by default', async () => {
    const steps = await Promise.all(
      [-2, -1, 0, 1, 2].map(async (offset) => {
        return await stepOfCode({ secret, code: await codeOf(offset), lastStep: -1, drift: 1, now })
      }),
    )
    expect(steps).toEqual([undefined, step - 1, step, step + 1, undefined])
  })

  it('R71 is accepted only in its own 30 seconds with TOTP_DRIFT=0 (ASVS 6.5.5)', async () => {
    const given = { secret, lastStep: -1, drift: 0, now }
    expect(await stepOfCode({ ...given, code: await codeOf(0) })).toBe(step)
    expect(await stepOfCode({ ...given, code: await codeOf(-1) })).toBeUndefined()
  })

  it('R71 is refused once it or a later one was used (ASVS 6.5.1)', async () => {
    const given = { secret, lastStep: step, drift: 1, now }
    expect(await stepOfCode({ ...given, code: await codeOf(0) })).toBeUndefined()
    expect(await stepOfCode({ ...given, code: await codeOf(-1) })).toBeUndefined()
    expect(await stepOfCode({ ...given, code: await codeOf(1) })).toBe(step + 1)
  })
})
