import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { mergeChanges } from './merge-changes.ts'

type Fields = Record<string, unknown>

const json = fc.jsonValue({ maxDepth: 3 })
const fields = fc
  .dictionary(fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.string()), json)
  .map((value) => parsed(value))

/** An object as JSON.parse creates it, like the content of a session. */
function parsed(value: Fields): Fields {
  return JSON.parse(JSON.stringify(value))
}

/** A copy of the object with one field set, even if the field is named `__proto__`. */
function set(object: Fields, field: string, value: unknown): Fields {
  return Object.fromEntries([...Object.entries(object), [field, value]])
}

function without(object: Fields, field: string): Fields {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field))
}

describe('mergeChanges', () => {
  it('returns theirs if mine changed nothing', () => {
    fc.assert(
      fc.property(json, json, (base, theirs) => {
        expect(mergeChanges(base, base, theirs)).toEqual(theirs)
      }),
    )
  })

  it('returns mine if theirs changed nothing', () => {
    fc.assert(
      fc.property(fields, fields, (base, mine) => {
        expect(mergeChanges(base, mine, base)).toEqual(mine)
      }),
    )
  })

  it('keeps both changes to different fields', () => {
    fc.assert(
      fc.property(fields, json, json, (base, one, other) => {
        const merged = mergeChanges(base, set(base, 'mine', one), set(base, 'theirs', other))
        expect(merged).toEqual(set(set(base, 'mine', one), 'theirs', other))
      }),
    )
  })

  it('lets mine win if both changed the same field', () => {
    fc.assert(
      fc.property(
        fields,
        fc.string(),
        fc.array(json),
        fc.array(json),
        (base, field, one, other) => {
          const mine = set(base, field, ['mine', ...one])
          expect(mergeChanges(base, mine, set(base, field, ['theirs', ...other]))).toEqual(mine)
        },
      ),
    )
  })

  it('deletes a field that mine deleted, whatever theirs changed in it', () => {
    fc.assert(
      fc.property(fields, fc.string(), json, (rest, field, value) => {
        const base = set(rest, field, 'old')
        const merged = mergeChanges(base, without(base, field), set(base, field, value))
        expect(merged).toEqual(without(base, field))
      }),
    )
  })

  it('deletes a field that theirs deleted and mine did not change', () => {
    fc.assert(
      fc.property(fields, fc.string(), (rest, field) => {
        const base = set(rest, field, 'old')
        const merged = mergeChanges(base, set(base, 'mine', 1), without(base, field))
        expect(merged).toEqual(set(field === 'mine' ? rest : without(base, field), 'mine', 1))
      }),
    )
  })

  it('merges field by field at any depth', () => {
    const base = { shop: { cart: { tea: 1, milk: 2 }, seen: 0 } }
    const mine = { shop: { cart: { tea: 1, milk: 3 }, seen: 0 } }
    const theirs = { shop: { cart: { tea: 5, milk: 2 }, seen: 1 } }
    expect(mergeChanges(base, mine, theirs)).toEqual({
      shop: { cart: { tea: 5, milk: 3 }, seen: 1 },
    })
  })

  it('treats arrays as a whole, even empty ones', () => {
    expect(mergeChanges({ a: [1] }, { a: [1, 2] }, { a: [1, 3] })).toEqual({ a: [1, 2] })
    expect(mergeChanges({ a: [1] }, { a: [] }, { a: [1], b: [] })).toEqual({ a: [], b: [] })
  })

  it('keeps a field named __proto__ as a plain field', () => {
    const theirs = JSON.parse('{ "__proto__": { "admin": true } }')
    const merged = mergeChanges({}, { a: 1 }, theirs)
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"admin":true},"a":1}')
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  })
})
