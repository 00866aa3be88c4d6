import { newClientPage } from '../../apps/auth-server/src/admin/clients/client-form.page.ts'
import { clientSecretPage } from '../../apps/auth-server/src/admin/clients/client-secret.page.ts'
import { clientPage } from '../../apps/auth-server/src/admin/clients/client.page.ts'
import { clientsPage } from '../../apps/auth-server/src/admin/clients/clients.page.ts'
import { rotateKeyPage } from '../../apps/auth-server/src/admin/clients/rotate-client.page.ts'
import { confirmPage } from '../../apps/auth-server/src/admin/confirm.page.ts'
import { adminInvitesPage } from '../../apps/auth-server/src/admin/invitations/admin-invites.page.ts'
import { inviteMadePage } from '../../apps/auth-server/src/admin/invitations/invite-made.page.ts'
import { newInvitePage } from '../../apps/auth-server/src/admin/invitations/new-invite.page.ts'
import { addressesPage } from '../../apps/auth-server/src/admin/system/addresses.page.ts'
import { overviewPage } from '../../apps/auth-server/src/admin/system/overview.page.ts'
import { adminUserPage } from '../../apps/auth-server/src/admin/users/admin-user.page.ts'
import { adminUsersPage } from '../../apps/auth-server/src/admin/users/admin-users.page.ts'
import type { Site } from '../../apps/auth-server/src/http/pages/render-page.ts'

const at = new Date()
const later = new Date(Date.now() + 7 * 24 * 3_600_000)
const names = ['ada', 'grace', 'linus', 'margaret', 'tim']

/** The admin pages, as HTML by name. */
export function adminGallery(site: Site): Record<string, string> {
  const users = names.map((username, place) => userOf(username, place))
  const sessions = [
    {
      id: 's',
      current: false,
      device: 'Chrome on Linux',
      address: '203.0.113.7',
      signedInAt: at,
      lastUsedAt: at,
    },
  ]
  const secret = { client, title: 'Shop is registered', secret: 'k3f9dqx7mnp2vz8w' }
  return {
    'admin-overview': overviewPage(site, overview()),
    'admin-users': adminUsersPage(site, { users, next: 'x', search: '', after: '', notice: '' }),
    'admin-user': adminUserPage(site, {
      user: userOf('grace', 1),
      sessions,
      isOwn: false,
      notice: 'The roles are changed, and the user is signed out everywhere.',
    }),
    'admin-invites': adminInvitesPage(site, { invites: invites(), next: null, notice: '' }),
    'admin-new-invite': newInvitePage(site, {
      email: '',
      expiresInDays: '7',
      error: '',
      fields: {},
    }),
    'admin-invite-made': inviteMadePage(site, {
      url: 'https://login.example.com/invite?token=k3f9dqx7mnp2vz8w',
      expiresAt: later,
    }),
    'admin-clients': clientsPage(site, { clients: [client], notice: '' }),
    'admin-client': clientPage(site, { client, accessTokenSeconds: 300 }),
    'admin-new-client': newClientPage(site, {
      id: 'i',
      entered: {},
      known: ['https://api.example'],
      error: '',
      fields: {},
    }),
    'admin-client-secret': clientSecretPage(site, secret),
    'admin-rotate-key': rotateKeyPage(site, client),
    'admin-addresses': addressesPage(site, {
      addresses: [{ address: '198.51.100.23', since: at, until: later, failures: 20, times: 1 }],
      notice: '',
    }),
    'admin-confirm': confirmPage(site, {
      section: '/admin/users',
      title: 'Delete grace?',
      text: 'The account and everything kept with it are deleted. This cannot be undone.',
      action: '/',
      back: '/',
      button: 'Delete grace',
    }),
  }
}

const client: Parameters<typeof clientPage>[1]['client'] = {
  id: 'shop-3f9d',
  name: 'Shop',
  kind: 'site',
  redirectUris: ['https://shop.example/callback'],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: 'https://shop.example/logout',
  jwks: null,
  pkce: 'required',
  idTokenAlg: 'RS256',
  audience: '',
  audiences: ['https://api.example'],
  scopes: ['orders:read'],
  secrets: [{ id: 'a', hash: 'h', createdAt: at, lastUsedAt: null, expiresAt: null }],
  keys: [{ kid: 'k1', alg: 'EdDSA', publicJwk: {}, privateKey: 'p', signsFrom: at }],
  createdAt: at,
}

function userOf(username: string, place: number) {
  return {
    id: username,
    username,
    email: `${username}@example.com`,
    roles: place === 0 ? ['admin'] : [],
    state: place === 2 ? ('suspended' as const) : ('active' as const),
    verifiedAt: at.toISOString(),
    suspendedAt: place === 2 ? at : null,
    createdAt: at,
    looksLike: [],
  }
}

function invites() {
  const invite = { createdAt: at, expiresAt: later, usedBy: null, mailFailure: null }
  return [
    { ...invite, id: '1', email: 'joan@example.com', state: 'open' as const },
    { ...invite, id: '2', email: null, state: 'expired' as const },
    {
      ...invite,
      id: '3',
      email: 'grace@example.com',
      state: 'used' as const,
      usedBy: { id: 'g', username: 'grace' },
    },
  ]
}

function overview() {
  return {
    users: 1284,
    outboxes: 0,
    queues: { waiting: 0, retried: 1, dead: 2 },
    signIns: Array.from({ length: 24 }, (_, hour) => ({
      from: new Date(Date.now() - (24 - hour) * 3_600_000),
      signedIn: (hour * 7) % 40,
      refused: hour % 5,
    })),
    dependencies: {
      mongodb: { status: 'up' as const, ms: 2 },
      redis: { status: 'up' as const, ms: 1 },
      rabbitmq: { status: 'down' as const, ms: 1000 },
    },
  }
}
