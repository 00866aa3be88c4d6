import { describe, expect, it } from '@jest/globals'
import type { Client } from '../../oauth/clients/client.model.ts'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { editClientPage, newClientPage } from './client-form.page.ts'
import { clientSecretPage } from './client-secret.page.ts'
import { clientPage } from './client.page.ts'
import { clientsPage } from './clients.page.ts'
import { confirmPage } from '../confirm.page.ts'
import { rotateKeyPage, rotateSecretPage } from './rotate-client.page.ts'

const at = new Date('2026-11-21T09:30:00Z')

function clientOf(text: string): Client {
  return {
    id: text,
    name: text,
    kind: 'site',
    redirectUris: [text],
    postLogoutRedirectUris: [text],
    backchannelLogoutUri: text,
    jwks: null,
    pkce: 'required',
    idTokenAlg: 'RS256',
    audience: text,
    audiences: [text],
    scopes: [text],
    secrets: [{ id: text, hash: 'h', createdAt: at, lastUsedAt: null, expiresAt: null }],
    keys: [{ kid: text, alg: 'EdDSA', publicJwk: {}, privateKey: 'p', signsFrom: at }],
    createdAt: at,
  }
}

function formOf(text: string) {
  const entered = { ...clientOf(text), kind: text, alg: text }
  const fields = { name: text, kind: text, audiences: text, alg: text }
  return { entered, known: [text], error: text, fields }
}

const pages: Record<string, (text: string) => string> = {
  'the list': (text) => clientsPage(site, { clients: [clientOf(text)], notice: text }),
  'a client': (text) => clientPage(site, { client: clientOf(text), accessTokenSeconds: 300 }),
  'the form for a new client': (text) => newClientPage(site, { id: text, ...formOf(text) }),
  'the form to edit a client': (text) =>
    editClientPage(site, { client: clientOf(text), seen: text, ...formOf(text) }),
  'a secret': (text) =>
    clientSecretPage(site, { client: clientOf(text), title: text, secret: text }),
  'the confirmation of a new secret': (text) => rotateSecretPage(site, clientOf(text)),
  'the confirmation of a new key': (text) => rotateKeyPage(site, clientOf(text)),
  'a confirmation': (text) =>
    confirmPage(site, {
      section: '/admin/clients',
      title: text,
      text,
      action: text,
      back: text,
      button: text,
      fields: { [text]: text },
    }),
}

describe('the pages of clients', () => {
  it.each(Object.entries(pages))('(R40) escape every value they are given: %s', (_name, page) => {
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })
})
