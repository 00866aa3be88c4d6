import { askRedis, type RedisClient } from 'auth-kit/session'
import { networkOf } from '../../http/client-address.ts'
import { deviceInWords, type Device } from '../../http/request-device.ts'
import { keyDigest } from '../../storage/key-digest.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import type { DeviceUser } from './device-cookie.ts'
import { notifyNewDevice } from './note-device.ts'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

/** A user, and the network that a client says they come from; empty where it does not say. */
type Place = { user: DeviceUser; client: { id: string }; network: string }

const DAYS = 365

/**
 * The network, if that user has signed in from it by way of that client in the last year and with the
 * same password: such a client keeps no cookie by which we could know a device.
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
 * After a sign-in by way of a client: the place is known from here on. The user is told by e-mail if it
 * was not, as of a new browser. Nobody is kept from signing in if that fails.
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
