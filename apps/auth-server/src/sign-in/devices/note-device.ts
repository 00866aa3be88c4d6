import type { Request } from 'express'
import { Types } from 'mongoose'
import { noticeFacts } from '../../http/request-device.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { putInOutbox } from '../../users/put-in-outbox.ts'
import { giveDeviceCookie, knownDevice } from './device-cookie.ts'
import type { Users } from '../../users/user.model.ts'

type Deps = Pick<
  SignInDeps,
  'config' | 'directory' | 'users' | 'relay' | 'redis' | 'keyPrefix' | 'logger'
>

/**
 * Remembers the device of a sign-in, and notifies the user by e-mail if it is new and not their first. A
 * failure does not prevent the sign-in.
 */
export async function noteDevice(
  deps: Deps,
  req: Request,
  user: { id: string; email: string },
): Promise<void> {
  try {
    const found = await deps.directory.findById(user.id)
    if (!found) return
    const isKnown = knownDevice(deps.config, req, found) !== undefined
    giveDeviceCookie(deps.config, req, found)
    if (!isKnown) await notifyNewDevice(deps, user, noticeFacts(req))
  } catch (error) {
    deps.logger.warn({ err: error }, 'a notice of a new device was not sent')
  }
}

/** Notifies a user by e-mail of a sign-in from a new place or device, unless it is their first sign-in. */
export async function notifyNewDevice(
  deps: Deps,
  { id, email }: { id: string; email: string },
  data: Record<string, string>,
): Promise<void> {
  // A user service e-mails its users itself.
  if (deps.config.userService || (await noteFirstSignIn(deps.users, id))) return
  // A program without cookies is a new device each time: one e-mail in a while is enough.
  const claim = { kind: 'new_device', about: normalizeIdentity(email) }
  const mail = mailEntry({ kind: 'new_device', to: email, data })
  await claimMail(deps, claim, async (mayGo) => {
    if (!mayGo) return
    await putInOutbox(deps.users, id, mail)
    deps.relay.wake()
  })
}

/** Notes the time of a user's first sign-in. @returns whether this was the first one */
async function noteFirstSignIn(users: Users, userId: string): Promise<boolean> {
  const { modifiedCount } = await users.updateOne(
    { _id: new Types.ObjectId(userId), firstSignInAt: null },
    { $set: { firstSignInAt: new Date() } },
  )
  return modifiedCount === 1
}
