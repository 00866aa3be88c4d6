import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'brand-'))
const logo = join(folder, 'logo.png')
let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  writeFileSync(logo, 'picture')
  server = await startTestApp({ SITE_NAME: 'Harbour', BRAND_COLOR: '#1d4ed8', LOGO_FILE: logo })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('the pages of a site with a brand of its own', () => {
  it('show its logo, colour and name, and nothing of Latchkey’s', async () => {
    const { text } = await request(server.app).get('/login').set('Accept', 'text/html').expect(200)
    expect(text).toContain('<img class="logo" src="/logo" alt="Harbour">')
    expect(text).toContain('<link rel="stylesheet" href="/theme.css">')
    expect(text).toContain('<meta name="theme-color" content="#1d4ed8"')
    expect(text).not.toContain('Latchkey')
  })

  it('load the colours, for light and dark', async () => {
    const { text, headers } = await request(server.app).get('/theme.css').expect(200)
    expect(headers['content-type']).toContain('text/css')
    expect(text).toMatch(/--brand: light-dark\(#1d4ed8, #[\da-f]{6}\)/)
  })

  it('load the logo with its type', async () => {
    const { body, headers } = await request(server.app).get('/logo').expect(200)
    expect(headers['content-type']).toContain('image/png')
    expect(String(body)).toBe('picture')
  })

  it('have an icon with the first letter in place of the lock', async () => {
    const { body } = await request(server.app).get('/favicon.svg').expect(200)
    expect(String(body)).toContain('>H</text>')
    expect(String(body)).toContain('fill="#1d4ed8"')
  })
})
