import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { SigningAlgorithm, SigningKey } from './client.model.ts'
import type { Keyring } from './keyring.ts'

/** 128 bits of strength, as the curves of the other algorithms (NIST SP 800-57 Part 1, Table 2). */
const RSA_BITS = 3072

/** Makes a key pair. Its `kid` is the thumbprint of the public key (RFC 7638). */
export async function makeSigningKey(
  keyring: Keyring,
  { alg, signsFrom }: { alg: SigningAlgorithm; signsFrom: Date },
): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, {
    extractable: true,
    modulusLength: RSA_BITS,
  })
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return { kid, alg, publicJwk, privateKey: await keyring.lock(privateKey), signsFrom }
}
