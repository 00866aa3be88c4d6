import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { Problem } from './problem.ts'
import { validate } from './validate.ts'

const schema = z.object({
  username: z.string().min(1),
  password: z.string().max(8, 'Use at most 8 characters.'),
  age: z.number().optional(),
  list: z.array(z.string()).optional(),
})

function problemOf(body: unknown): unknown {
  try {
    return validate(schema, body)
  } catch (error) {
    return error
  }
}

function fieldsOf(body: unknown): Record<string, string> {
  const problem = problemOf(body)
  if (!(problem instanceof Problem)) throw new TypeError('expected a problem')
  return Object.fromEntries(problem.fields.map(({ field, message }) => [field, message]))
}

describe('validate', () => {
  it('returns what the schema declares and nothing else (R42)', () => {
    const body = { username: 'a', password: 'b', roles: ['admin'] }
    expect(validate(schema, body)).toEqual({ username: 'a', password: 'b' })
  })

  it.each([[{ $ne: null }], [['a']], [7], [null], [true]])(
    'refuses %j instead of text and names the field (R41, C16)',
    (value) => {
      expect(fieldsOf({ username: value, password: 'b' })).toEqual({
        username: 'This must be text.',
      })
    },
  )

  it('names every wrong field at once, with the schema’s own message if it has one', () => {
    const body = { password: 'far too long', age: 'old', list: [{}] }
    expect(fieldsOf(body)).toEqual({
      username: 'This is required.',
      password: 'Use at most 8 characters.',
      age: 'This must be a number.',
      'list.0': 'This must be text.',
    })
    expect(problemOf(body)).toMatchObject({ status: 400, code: 'invalid_input' })
  })

  it('counts an empty text as missing', () => {
    expect(fieldsOf({ username: '', password: 'b' })).toEqual({ username: 'This is required.' })
  })

  it.each([[undefined], [null], ['text'], [[]]])('refuses %j as a body', (body) => {
    expect(Object.keys(fieldsOf(body))).toEqual(['body'])
  })

  it('drops `__proto__` like any other unknown name (C16)', () => {
    const body: unknown = JSON.parse('{"username":"a","password":"b","__proto__":{"age":1}}')
    expect(Object.keys(validate(schema, body))).toEqual(['username', 'password'])
    expect(validate(schema, body).age).toBeUndefined()
  })
})
