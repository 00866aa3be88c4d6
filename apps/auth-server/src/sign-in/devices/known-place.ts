import { askRedis, type RedisClient } from 'auth-kit/session'
import { networkOf } from '../../http/client-address.ts'
import { deviceInWords, type Device } from '../../http/request-device.ts'
import { keyDigest } from '../../storage/key-digest.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import type { DeviceUser } from './device-cookie.ts'
import { notifyNewDevice } from './note-device.ts'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

/** A user, and the network that a client says they come from; empty if it does not say. */
type Place = { user: DeviceUser; client: { id: string }; network: string }

const DAYS = 365

/**
 * The network, if the user has signed in from it through this client in the last year and with the same
 * password. It stands in for the device cookie, which such a client does not have.
 */
export async function knownPlace(
  { redis, keyPrefix }: RedisDeps,
  place: Place,
): Promise<string | undefined> {
  const isKnown = await askRedis(redis, (redis) => redis.exists(keyOf(keyPrefix, place)))
  return isKnown === 1 ? place.network || 'anywhere' : undefined
}

type SignedIn = {
  user: { id: string; email: string }
  client: { id: string; name: string }
  device: Device
}

/**
 * Remembers the place of a sign-in through a client, and notifies the user by e-mail if it is new, as for a
 * new device. A failure does not prevent the sign-in.
 */
export async function notePlace(
  deps: Pick<
    SignInDeps,
    'config' | 'directory' | 'users' | 'relay' | 'redis' | 'keyPrefix' | 'logger'
  >,
  { user, client, device: { address, userAgent } }: SignedIn,
): Promise<void> {
  try {
    const found = await deps.directory.findById(user.id)
    if (!found) return
    const place = { user: found, client, network: networkOf(address) ?? '' }
    const isKnown = (await knownPlace(deps, place)) !== undefined
    const key = keyOf(deps.keyPrefix, place)
    await askRedis(deps.redis, (redis) => redis.set(key, '1', 'EX', DAYS * 86_400))
    if (isKnown) return
    const device = userAgent === '' ? client.name : `${client.name}, ${deviceInWords(userAgent)}`
    await notifyNewDevice(deps, user, { device, ...(address !== '' && { address }) })
  } catch (error) {
    deps.logger.warn({ err: error }, 'a notice of a new place was not sent')
  }
}

function keyOf(keyPrefix: string, { user, client, network }: Place): string {
  const since = user.passwordSetAt?.getTime() ?? ''
  return `${keyPrefix}known-place:${keyDigest([client.id, user.id, since, network].join(' '))}`
}
