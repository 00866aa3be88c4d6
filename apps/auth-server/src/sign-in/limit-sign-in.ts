import type { RequestHandler } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { limitAttempts } from '../http/limit-attempts.ts'
import type { RouteDeps } from '../route-deps.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import { signInInput } from './sign-in-input.ts'

type Limits = Record<'perAddress' | 'perAccount' | 'perSignedInAccount', RequestHandler>

/**
 * Limits on guessing: every attempt counts for the network address, only wrong passwords for the
 * account, by whichever of its names. A name nobody has counts like any other, so that the limit
 * tells nothing.
 */
export function limitSignIn({ config, directory, redis, keyPrefix }: RouteDeps): Limits {
  const perAccount = {
    name: 'sign-in-account',
    limit: config.limitSignInPerAccount,
    isFailure: (status: number) => status === 401,
    redis,
    keyPrefix,
  }
  return {
    perAddress: limitAttempts({
      name: 'sign-in-address',
      limit: config.limitSignInPerAddress,
      key: clientAddress,
      redis,
      keyPrefix,
    }),
    perAccount: limitAttempts({
      ...perAccount,
      key: async (req) => {
        const login = signInInput.parse(req.body).username
        return (await directory.findByLogin(login))?.id ?? normalizeIdentity(login)
      },
    }),
    perSignedInAccount: limitAttempts({
      ...perAccount,
      key: (req) => req.user?.id ?? '',
    }),
  }
}
