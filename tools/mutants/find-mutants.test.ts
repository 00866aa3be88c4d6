import { describe, expect, it } from '@jest/globals'
import { applyMutant, findMutants } from './find-mutants.ts'

const mutantsOf = (source: string) => findMutants(source).map(({ change }) => change)

describe('the mutants of a source', () => {
  it('turn a condition round, and let it hold always or never', () => {
    const changes = mutantsOf('if (isForeign(req)) throw refused()')
    const all = ['true', 'false', '!(isForeign(req))'].map((other) => `isForeign(req) → ${other}`)
    expect(changes).toEqual(all)
  })

  it('drop and turn round each part of a condition', () => {
    expect(mutantsOf('const isOurs = !isNull && known.has(origin)')).toEqual([
      '!isNull → isNull',
      '!isNull && known.has(origin) → !isNull',
      '!isNull && known.has(origin) → known.has(origin)',
      '!isNull && known.has(origin) → ((!isNull) || (known.has(origin)))',
    ])
  })

  it('move a bound by one', () => {
    const compared = ['count > 3', 'count < 3'].map((other) => `count >= 3 → ${other}`)
    expect(mutantsOf('const isFull = count >= 3')).toEqual([...compared, '3 → (4)', '3 → (2)'])
  })

  it('give an answer of yes or no that is always the same', () => {
    const changes = mutantsOf('const isOwn = ({ id }: User) => id === owner')
    expect(changes).toEqual(
      ['true', 'false', 'id !== owner'].map((other) => `id === owner → ${other}`),
    )
  })

  it('leave out a call, a throw and an early return, but no line of the log', () => {
    const source = `async function end() {
      log.info('ending')
      await store.delete(id)
      if (kind) {
        note()
        return null
      } else {
        check()
        throw refused()
      }
      for (const one of all) {
        return one
        never()
      }
      return true
    }`
    const removed = findMutants(source).filter(({ replacement }) => replacement === ';')
    expect(removed.map(({ code }) => code)).toEqual([
      'await store.delete(id)',
      'note()',
      'check()',
      'throw refused()',
      'return one',
      'never()',
    ])
  })

  it('leave out one condition of a query', () => {
    const changes = mutantsOf("users.updateOne({ _id: id, active, 'a.b': 1 }, { $set: { done } })")
    expect(changes).toEqual(['_id: id → ...{}', 'active → ...{}', "'a.b': 1 → ...{}"])
  })

  it('give an option the other value', () => {
    expect(mutantsOf('setCookie({ httpOnly: true })')).toEqual(['true → false'])
  })

  it('are placed by byte, line and statement, whatever stands in front', () => {
    const source = '// é\nfunction f() {\n  go()\n  if (a) return 1\n}\n'
    const mutant = findMutants(source).find(({ change }) => change === 'a → true')
    expect(mutant).toMatchObject({ line: 4, code: 'if (a) return 1' })
    const bytes = Buffer.from(source)
    expect(bytes.subarray(mutant?.statement).toString()).toMatch(/^if \(a\)/)
    expect(mutant && applyMutant(source, mutant)).toBe(source.replace('(a)', '(true)'))
  })

  it('never touch a type', () => {
    expect(
      mutantsOf('type Flag = { on: true }; const x: Flag | false = y as { on: false }'),
    ).toEqual([])
  })
})
