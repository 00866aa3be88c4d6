import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { RequestHandler } from 'express'
import request from 'supertest'
import { acceptBody } from './accept-body.ts'
import { answerErrors } from './answer-errors.ts'
import { bareApp, recordedLogger, serve } from './serve.fixture.ts'

const app = bareApp()
const echo: RequestHandler = (req, res) => void res.json({ got: req.body })
app.post('/json', acceptBody(), echo)
app.post('/form', acceptBody({ form: true }), echo)
app.use(answerErrors({ logger: recordedLogger().logger, page: () => '' }))

async function post(path: string, type: string, body: string | Buffer) {
  const answer = await request(app).post(path).set('Content-Type', type).send(body)
  return answer.status === 200 ? answer.body.got : `${answer.status} ${answer.body.code}`
}

const form = 'application/x-www-form-urlencoded'
const refused = '415 unsupported_media_type'

describe('acceptBody', () => {
  it('reads JSON, and a form if a page has one (R33)', async () => {
    expect(await post('/json', 'application/json; charset=UTF-8', '{"a":"é"}')).toEqual({ a: 'é' })
    expect(await post('/form', 'application/json', '{"a":1}')).toEqual({ a: 1 })
    expect(await post('/form', form, 'a=caf%C3%A9+b&c=d')).toEqual({ a: 'café b', c: 'd' })
  })

  it('refuses a form if no page has one (R33)', async () => {
    expect(await post('/json', form, 'a=b')).toBe(refused)
  })

  it.each([
    ['text/plain', '{"a":1}'],
    ['multipart/form-data; boundary=x', '--x\r\n\r\na\r\n--x--'],
    ['application/jsonx', '{"a":1}'],
    ['application/json; charset=utf-16', '{"a":1}'],
    ['application/json;charset="latin1"', '{"a":1}'],
    [form, '{"a":1}'],
    [form, '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--'],
  ])('refuses %s holding %j with 415 (R33)', async (type, body) => {
    expect(await post('/form', type, body)).toBe(refused)
  })

  it('refuses a body without a type (R33)', async () => {
    expect(await postRaw('Content-Length: 7\r\n\r\n{"a":1}')).toMatch(/^HTTP\/1.1 415 /)
    expect(await postRaw('Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n')).toMatch(
      /^HTTP\/1.1 415 /,
    )
  })

  it('refuses a compressed body', async () => {
    const answer = request(app).post('/json').set('Content-Encoding', 'gzip').type('json')
    answer.write(gzipSync('{"a":1}'))
    expect((await answer).status).toBe(415)
  })

  it('reads a missing body as an empty one', async () => {
    expect((await request(app).post('/json')).body).toEqual({ got: {} })
    expect((await request(app).post('/form').set('Content-Length', '0')).body).toEqual({ got: {} })
  })

  it('refuses more than 16 kB with 413', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(17_000) })
    expect(await post('/json', 'application/json', large)).toBe('413 payload_too_large')
    expect(await post('/form', form, `a=${'x'.repeat(17_000)}`)).toBe('413 payload_too_large')
  })

  it('refuses malformed JSON with 400', async () => {
    for (const broken of ['{"a":', 'a=b', '"text"', 'null'])
      expect(await post('/json', 'application/json', broken)).toBe('400 malformed_body')
  })
})

async function postRaw(rest: string): Promise<string> {
  const { port, close } = await serve(app)
  const socket = connect(port, '127.0.0.1')
  socket.end(`POST /json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}`)
  const answer = (await socket.setEncoding('utf8').toArray()).join('')
  close()
  return answer
}
