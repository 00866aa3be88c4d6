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
  return unexplained(copies, { deaths, told: () => ({ recorded, unheard }) })
}

describe('a mail that came twice', () => {
  it('is explained by a worker that died before it was recorded (F14)', () => {
    expect(judge(twice, { deaths: [50_010] })).toEqual([])
  })

  it('is explained by a 250 that came too late to be heard', () => {
    expect(judge(twice, { unheard: 1 })).toEqual([])
  })

  it.each([
    ['nobody died', {}],
    ['somebody died long before', { deaths: [10_000] }],
    ['somebody died when it had come again', { deaths: [53_001] }],
    ['it was recorded before it came again', { deaths: [50_010], recorded: 2 }],
  ])('is a fault where %s', (_what, facts) => {
    expect(judge(twice, facts)).toHaveLength(1)
  })

  it('is a fault where it is two mails', () => {
    expect(judge([copy(50_000), copy(50_001, 'two')], { deaths: [50_000] })).toHaveLength(1)
  })

  it('needs a death for each time too many', () => {
    const thrice = [...twice, copy(90_000)]
    expect(judge(thrice, { deaths: [50_010] })).toHaveLength(1)
    expect(judge(thrice, { deaths: [50_010, 60_000] })).toEqual([])
  })
})
