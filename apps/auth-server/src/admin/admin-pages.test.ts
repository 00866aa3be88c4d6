import { describe, expect, it } from '@jest/globals'
import { hostile, site, withoutEscaped } from '../../testing/pages.fixture.ts'
import { adminInvitesPage } from './invitations/admin-invites.page.ts'
import { adminUserPage } from './users/admin-user.page.ts'
import { adminUsersPage } from './users/admin-users.page.ts'
import { confirmPage } from './confirm.page.ts'
import { inviteMadePage } from './invitations/invite-made.page.ts'
import { newInvitePage } from './invitations/new-invite.page.ts'
import { userRolesPage } from './users/user-roles.page.ts'

const at = new Date('2026-11-21T09:30:00Z')

function findUserByName(text: string) {
  const state = 'suspended' as const
  const times = { verifiedAt: null, suspendedAt: at, createdAt: at }
  return { id: 'i', username: text, email: text, roles: [text], state, ...times }
}

function inviteFor(text: string) {
  const usedBy = { id: 'i', username: text }
  const times = { createdAt: at, expiresAt: at }
  return { id: 'i', email: text, state: 'used' as const, usedBy, mailFailure: text, ...times }
}

function sessionOn(text: string) {
  const times = { signedInAt: at, lastUsedAt: at }
  return { id: 'i', current: false, device: text, address: text, ...times }
}

const pages: Record<string, (text: string) => string> = {
  users: (text) => {
    const page = { next: null, search: text, after: '', notice: text }
    return adminUsersPage(site, {
      users: [{ ...findUserByName(text), looksLike: [text] }],
      ...page,
    })
  },
  'users without a match': (text) =>
    adminUsersPage(site, { users: [], next: null, search: text, after: '', notice: text }),
  user: (text) => {
    const page = { isOwn: false, notice: text, sessions: [sessionOn(text)] }
    return adminUserPage(site, { user: findUserByName(text), ...page })
  },
  roles: (text) =>
    userRolesPage(site, {
      id: 'i',
      username: text,
      roles: text,
      seen: text,
      isOwn: false,
      message: text,
    }),
  invitations: (text) => {
    const page = { next: null, after: text, notice: text }
    return adminInvitesPage(site, { invites: [inviteFor(text)], ...page })
  },
  'new invitation': (text) => {
    const fields = { email: text, expiresInDays: text }
    return newInvitePage(site, { email: text, expiresInDays: text, error: text, fields })
  },
  'invitation made': (text) => inviteMadePage(site, { url: text, email: text, expiresAt: at }),
  question: (text) => {
    const page = { title: text, text, button: text, action: '/x', back: '/y' }
    return confirmPage(site, { section: '/admin/users', ...page })
  },
}

describe.each(Object.keys(pages))('the admin page “%s”', (name) => {
  const page = pages[name] ?? String

  it('R40 escapes every value it is given', () => {
    expect(page(hostile)).toContain('&lt;script&gt;')
    expect(withoutEscaped(page(hostile))).toBe(page('calm'))
  })

  it('stays below BASE_PATH', () => {
    expect(page('calm')).not.toMatch(/(href|action|src)="\/(?!auth\/)/)
  })
})

describe('the links between pages of users', () => {
  it('keep the search', () => {
    const page = {
      users: [{ ...findUserByName('calm'), looksLike: [] }],
      search: 'a&b=c',
      after: 'x',
      next: 'y z',
      notice: '',
    }
    const html = adminUsersPage(site, page)
    expect(html).toContain('href="/auth/admin/users?search=a%26b%3Dc&amp;after=y+z"')
    expect(html).toContain('href="/auth/admin/users?search=a%26b%3Dc"')
  })
})
