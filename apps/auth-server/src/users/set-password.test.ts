import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mailEntry } from '../mail/mail-entry.ts'
import { checkPassword } from './check-password.ts'
import { createUser } from './create-user.ts'
import { findUserById } from './find-user.ts'
import { setPassword } from './set-password.ts'
import { badPasswords, newUser, passphrase, testUsers } from '../../testing/users.fixture.ts'

let world: Awaited<ReturnType<typeof testUsers>>
beforeAll(async () => {
  world = await testUsers()
})
afterAll(() => world.close())

async function isPasswordOf(id: string, password: string): Promise<boolean> {
  const user = await findUserById(world.users, id)
  return checkPassword({ users: world.users, cost: 4 }, { user, password })
}

describe('setPassword', () => {
  it('makes the new password the only one', async () => {
    const user = await createUser(world, newUser())
    await setPassword(world, { user, password: 'eight loud rivers part' })
    expect(await isPasswordOf(user.id, 'eight loud rivers part')).toBe(true)
    expect(await isPasswordOf(user.id, passphrase)).toBe(false)
  })

  it.each(badPasswords)(
    'enforces the rules and names the form field: %s (R1, R4, R5)',
    async (password, words) => {
      const user = await createUser(world, newUser())
      const attempt = setPassword(world, { user, password, field: 'newPassword' })
      const fields = [{ field: 'newPassword', message: expect.stringContaining(words) }]
      await expect(attempt).rejects.toMatchObject({ status: 400, fields })
      expect(await isPasswordOf(user.id, passphrase)).toBe(true)
    },
  )

  it('writes the changes alongside in the same write, and nothing if it is refused', async () => {
    const user = await createUser(world, newUser())
    const sessionsToEnd = new Date()
    const mail = mailEntry({ kind: 'password_changed', to: user.email })
    const alongside = { set: { sessionsToEnd }, mail }
    const change = { user, password: 'eight loud rivers part', alongside }
    const { passwordHash: hash } = await setPassword(world, change)
    const stored = await findUserById(world.users, user.id)
    expect(stored).toMatchObject({ passwordHash: hash, sessionsToEnd, outbox: [{ id: mail.id }] })
    await expect(setPassword(world, change)).rejects.toMatchObject({ status: 409 })
    expect((await findUserById(world.users, user.id))?.outbox).toHaveLength(1)
  })

  it('lets exactly one of two concurrent changes win', async () => {
    const user = await createUser(world, newUser())
    const passwords = ['eight loud rivers part', 'nine cold rivers bend']
    const outcomes = await Promise.allSettled(
      passwords.map((password) => setPassword(world, { user, password })),
    )
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled')
    expect(outcomes[1 - won]).toMatchObject({ reason: { code: 'password_changed_meanwhile' } })
    expect(await isPasswordOf(user.id, passwords[won] ?? '')).toBe(true)
  })
})
