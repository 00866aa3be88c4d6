import { describe, expect, it } from '@jest/globals'
import { unexplained } from './explain-copies.ts'

const copy = (at: number, id = 'one') => ({ messageId: `<${id}@mail.test>`, link: '', at })
const twice = [copy(50_000), copy(53_000)]

function judge(
  copies: typeof twice,
  {
    deaths = [],
    recorded = 1,
    unheard = 0,
  }: Partial<Record<'recorded' | 'unheard', number>> & {
    deaths?: number[]
  } = {},
) {
  return unexplained(copies, { deaths, logged: () => ({ recorded, unheard }) })
}

describe('an e-mail that arrived twice', () => {
  it('is explained by a worker that died before it was recorded (F14)', () => {
    expect(judge(twice, { deaths: [50_010] })).toEqual([])
  })

  it('is explained by a 250 that came too late', () => {
    expect(judge(twice, { unheard: 1 })).toEqual([])
  })

  it.each([
    ['no worker died', {}],
    ['a worker died long before', { deaths: [10_000] }],
    ['a worker died after the copy had arrived', { deaths: [53_001] }],
    ['it was recorded before the copy arrived', { deaths: [50_010], recorded: 2 }],
  ])('is a fault if %s', (_what, facts) => {
    expect(judge(twice, facts)).toHaveLength(1)
  })

  it('is a fault if the copies are two e-mails', () => {
    expect(judge([copy(50_000), copy(50_001, 'two')], { deaths: [50_000] })).toHaveLength(1)
  })

  it('needs one death for each surplus copy', () => {
    const thrice = [...twice, copy(90_000)]
    expect(judge(thrice, { deaths: [50_010] })).toHaveLength(1)
    expect(judge(thrice, { deaths: [50_010, 60_000] })).toEqual([])
  })
})
