import type { Client } from '../../oauth/clients/client.model.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { type FormProblems, hasFailed } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import { algorithmWords, kindWords } from './client-labels.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type ClientForm = Pick<FormProblems, 'error' | 'fields'> & {
  /** What was entered, with lists as lists. */
  entered: unknown
  /** The audiences that there are. */
  known: string[]
}

/** The form for a new client; `id` makes it one client however often it is sent. */
export function newClientPage(site: Site, { id, ...form }: ClientForm & { id: string }): string {
  const { entered } = form
  return renderForm(site, form, {
    template: 'admin/clients/new-client.page.eta',
    title: 'Add a client',
    data: {
      id,
      kind: textOf(entered, 'kind') || 'site',
      audience: textOf(entered, 'audience'),
      alg: textOf(entered, 'alg') || 'ES256',
      kinds: kindWords,
      algorithms: algorithmWords,
    },
  })
}

/** The form that changes a client; `seen` is `clientVersion` of what it showed first. */
export function editClientPage(
  site: Site,
  { client: { id, name, kind }, seen, ...form }: ClientForm & { client: Client; seen: string },
): string {
  return renderForm(site, form, {
    template: 'admin/clients/edit-client.page.eta',
    title: `Edit ${name}`,
    data: { url: `${paths.adminClients}/${id}`, kind, seen },
  })
}

function renderForm(
  site: Site,
  { entered, known, error, fields }: ClientForm,
  { data, ...page }: { template: string; title: string; data: object },
): string {
  const failed = hasFailed({ error, fields })
  const values = {
    name: textOf(entered, 'name'),
    redirectUris: linesOf(entered, 'redirectUris'),
    audiences: linesOf(entered, 'audiences'),
    scopes: linesOf(entered, 'scopes'),
  }
  const more = { ...data, ...values, known, error, fields, failed }
  return renderAdminPage(site, { ...page, section: paths.adminClients, failed, data: more })
}

/** A list among what was sent, one entry to a line. */
function linesOf(entered: unknown, name: string): string {
  if (typeof entered !== 'object' || entered === null) return ''
  const list: unknown = new Map<string, unknown>(Object.entries(entered)).get(name)
  return Array.isArray(list) ? list.map(String).join('\n') : ''
}
