import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { MailKind } from 'mail-contract'
import { UnsendableMail } from '../../mail/mail-errors.ts'
import { linkFor } from './link-urls.ts'
import type { LinkPurpose, LinkUser } from './link-purposes.ts'
import { signLink, verifyLink } from './signed-link.ts'

const secrets = ['one secret of this test', 'another secret of this test']
const now = new Date('2026-11-21T12:00:00Z')
const purposes: LinkPurpose[] = [
  'confirm',
  'reset',
  'change_email',
  'not_me',
  'not_my_address',
  'restore_email',
]

const ada: LinkUser & { verifiedAt: Date | null } = {
  id: '65f1a2b3c4d5e6f708192a3b',
  email: 'Ada@Example.com',
  passwordHash: '$2b$12$one',
  pendingEmail: { emailKey: 'ada@new.example' },
  deletingAt: null,
  verifiedAt: null,
}

function tokenFor(purpose: LinkPurpose, user: LinkUser = ada): string {
  return signLink({ purpose, user, secrets, now }).token
}

async function isGood(
  token: string,
  purpose: LinkPurpose,
  given: { user?: LinkUser | null; at?: Date; secrets?: string[] } = {},
): Promise<boolean> {
  const user = given.user === undefined ? ada : given.user
  const findUser = async (id: string) => (user?.id === id ? user : null)
  const found = await verifyLink({
    token,
    purpose,
    findUser,
    secrets: given.secrets ?? secrets,
    now: given.at ?? now,
  })
  return found !== null
}

function later(minutes: number): Date {
  return new Date(now.getTime() + minutes * 60_000)
}

describe('a signed link', () => {
  it.each(purposes)('for %s is valid for that purpose only', async (purpose) => {
    const accepted = await Promise.all(purposes.map((other) => isGood(tokenFor(purpose), other)))
    expect(purposes.filter((_, index) => accepted[index])).toEqual([purpose])
  })

  it('is valid for its own user only', async () => {
    const eve = { ...ada, id: '000000000000000000000001' }
    const forEve = Buffer.from(tokenFor('not_me'), 'base64url')
    Buffer.from(eve.id, 'hex').copy(forEve)
    expect(await isGood(forEve.toString('base64url'), 'not_me', { user: eve })).toBe(false)
    expect(await isGood(tokenFor('not_me'), 'not_me', { user: null })).toBe(false)
  })

  it.each([
    ['confirm', 3 * 24 * 60],
    ['reset', 30],
    ['change_email', 3 * 24 * 60],
    ['not_me', 30 * 24 * 60],
    ['not_my_address', 30 * 24 * 60],
    ['restore_email', 7 * 24 * 60],
  ] as const)('for %s expires after %d minutes (R15)', async (purpose, minutes) => {
    const { token, expiresAt } = signLink({ purpose, user: ada, secrets, now })
    expect(expiresAt).toEqual(later(minutes))
    expect(await isGood(token, purpose, { at: later(minutes - 1 / 60) })).toBe(true)
    expect(await isGood(token, purpose, { at: later(minutes) })).toBe(false)
  })

  it('is invalid with any single bit changed', async () => {
    const bytes = Buffer.from(tokenFor('reset'), 'base64url')
    const tampered = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes)
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      return copy.toString('base64url')
    })
    const accepted = await Promise.all(tampered.map((token) => isGood(token, 'reset')))
    expect(accepted).not.toContain(true)
  })

  it.each(['', 'x', 'x'.repeat(64), `${'A'.repeat(63)}=`, 'A'.repeat(65), 'ä'.repeat(64)])(
    'is never %j',
    async (token) => {
      expect(await isGood(token, 'confirm')).toBe(false)
    },
  )

  it('has only one valid spelling', async () => {
    const token = tokenFor('reset')
    expect(await isGood(`${token}=`, 'reset')).toBe(false)
    expect(await isGood(` ${token}`, 'reset')).toBe(false)
    expect(await isGood(`${token}\n`, 'reset')).toBe(false)
  })

  it('has a signature of 256 bits (R15) and contains neither secret nor state (R16)', () => {
    const bytes = Buffer.from(tokenFor('reset'), 'base64url')
    expect(bytes).toHaveLength(12 + 4 + 32)
    const text = bytes.toString('latin1').toLowerCase()
    for (const hidden of [...secrets, ada.email, ada.passwordHash, 'ada', 'example'])
      expect(text).not.toContain(hidden.toLowerCase())
  })
})

describe('MAIL_SECRETS', () => {
  it('sign links with the first secret and verify them with all', async () => {
    const old = signLink({ purpose: 'reset', user: ada, secrets: ['the one before'], now }).token
    expect(await isGood(old, 'reset', { secrets: ['the new one', 'the one before'] })).toBe(true)
    expect(await isGood(old, 'reset', { secrets: ['the new one'] })).toBe(false)
    expect(await isGood(tokenFor('reset'), 'reset', { secrets: secrets.slice(1) })).toBe(false)
  })

  it('must not be empty', () => {
    expect(() => signLink({ purpose: 'reset', user: ada, secrets: [], now })).toThrow(TypeError)
  })
})

describe('verifyLink, after a change of the user (R15)', () => {
  it.each([
    ['a confirmed address', { verifiedAt: now }, []],
    ['a new password', { passwordHash: '$2b$12$two' }, ['reset']],
    [
      'a new address',
      { email: 'ada@new.example', pendingEmail: null },
      ['confirm', 'reset', 'change_email', 'not_me', 'not_my_address'],
    ],
    [
      'another pending address',
      { pendingEmail: { emailKey: 'x@y.z' } },
      ['change_email', 'not_my_address'],
    ],
    ['a dropped pending address', { pendingEmail: null }, ['change_email', 'not_my_address']],
    ['a deletion of the account', { deletingAt: now }, purposes],
    ['another spelling of the address', { email: 'ADA@example.com' }, []],
    ['no change', {}, []],
  ])('refuses exactly the links that depend on it: %s', async (_what, change, ended) => {
    const user = { ...ada, ...change }
    const left = await Promise.all(
      purposes.map((purpose) => isGood(tokenFor(purpose), purpose, { user })),
    )
    expect(purposes.filter((_, index) => !left[index])).toEqual(ended)
  })

  it('keeps older links valid when a newer one is requested', async () => {
    const tokens = [0, 1, 5].map(
      (minutes) => signLink({ purpose: 'reset', user: ada, secrets, now: later(minutes) }).token,
    )
    expect(new Set(tokens).size).toBe(3)
    const accepted = await Promise.all(
      tokens.map((token) => isGood(token, 'reset', { at: later(6) })),
    )
    expect(accepted).toEqual([true, true, true])
  })

  it('tells states apart that look the same when joined', async () => {
    const one = { ...ada, email: 'a@b.c', passwordHash: 'dx' }
    const other = { ...ada, email: 'a@b.cd', passwordHash: 'x' }
    expect(await isGood(tokenFor('reset', one), 'reset', { user: other })).toBe(false)
  })

  it('accepts no random token of the right length', async () => {
    const expiry = Buffer.alloc(4, 0xff)
    const head = Buffer.concat([Buffer.from(ada.id, 'hex'), expiry])
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const token = Buffer.concat([head, randomBytes(32)]).toString('base64url')
      // oxlint-disable-next-line no-await-in-loop
      expect(await isGood(token, 'reset')).toBe(false)
    }
  })
})

describe('a signed link with an address', () => {
  const carrying = (email: string) =>
    signLink({ purpose: 'restore_email', user: ada, email, secrets, now }).token

  it('gives that address, which nobody can replace', async () => {
    const token = carrying('ada@old.example')
    const options = { purpose: 'restore_email', findUser: async () => ada, secrets, now } as const
    const link = await verifyLink({ ...options, token })
    expect(link?.email).toBe('ada@old.example')
    const bytes = Buffer.from(token, 'base64url')
    for (const address of ['eve@old.example', '', 'ada@old.example.evil.example']) {
      const other = Buffer.concat([bytes.subarray(0, 48), Buffer.from(address)])
      // oxlint-disable-next-line no-await-in-loop
      expect(await isGood(other.toString('base64url'), 'restore_email')).toBe(false)
    }
  })
})

describe('the links of an e-mail', () => {
  const publicUrl = new URL('https://login.example/auth/')
  const links = (kind: MailKind, to = kind === 'email_change' ? 'ada@new.example' : ada.email) =>
    linkFor({ publicUrl, secrets, now }, { kind, to }, ada)

  it.each([
    ['confirm', 'https://login.example/auth/invite?confirmation=', 'confirm'],
    ['reset', 'https://login.example/auth/reset?token=', 'reset'],
    ['email_change', 'https://login.example/auth/confirm_email?token=', 'change_email'],
  ] as const)('of kind %s are under PUBLIC_URL (C19)', async (kind, start, purpose) => {
    const { link, notMeUrl } = links(kind)
    expect(link?.url.startsWith(start)).toBe(true)
    expect(await isGood(link?.url.slice(start.length) ?? '', purpose)).toBe(true)
    expect(Date.parse(link?.expiresAt ?? '')).toBeGreaterThan(now.getTime())
    expect(notMeUrl).toMatch(/^https:\/\/login\.example\/auth\/not_me\?token=/)
  })

  it.each([
    ['confirm', 'not_me'],
    ['password_changed', 'not_me'],
    ['email_change', 'not_my_address'],
    ['email_changed', 'restore_email'],
  ] as const)('of kind %s include "this was not me" for %s', async (kind, purpose) => {
    const token = new URL(links(kind).notMeUrl ?? '').searchParams.get('token') ?? ''
    expect(await isGood(token, purpose)).toBe(true)
    // Only what gives an address back carries one (R16).
    const carried = Buffer.from(token, 'base64url').toString('utf8', 48)
    expect(carried).toBe(purpose === 'restore_email' ? ada.email : '')
  })

  it.each([
    ['confirm', 'ada@example.com', 'ada@new.example'],
    ['reset', 'ADA@example.com', 'ada@old.example'],
    ['email_change', 'ada@NEW.example', 'ada@example.com'],
  ] as const)('of kind %s go only to the address that they prove', (kind, to, other) => {
    expect(links(kind, to).link).toBeDefined()
    expect(() => links(kind, other)).toThrow(UnsendableMail)
  })

  it('of a notice also go to a former address of the account', () => {
    for (const kind of ['password_changed', 'email_changed', 'token_reuse', 'new_device'] as const)
      expect(links(kind, 'ada@old.example').notMeUrl).toMatch(/^https:/)
  })

  it('are missing from the notice that an address was given back, which nobody can undo', () => {
    const [kind, to] = ['email_changed', 'eve@new.example'] as const
    const mail = { kind, to, data: { change: 'given_back' } }
    expect(linkFor({ publicUrl, secrets, now }, mail, ada)).toEqual({})
  })

  it('of a notice have no button', () => {
    expect(links('password_changed').link).toBeUndefined()
  })
})
