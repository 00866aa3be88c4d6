import { z } from 'zod'
import { signInInput } from '../sign-in-input.ts'

const base64url = z
  .string()
  .max(16_384)
  .regex(/^[\w-]+$/)
const credential = {
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
}

/** A browser's answer to request options (WebAuthn L3, AuthenticationResponseJSON). */
const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.max(200).optional(),
  }),
  returnTo: signInInput.shape.returnTo,
})

export const assertionInput = z.preprocess(unpackCredential, assertion)

/** The same fields for a body that may hold something else instead. */
export const assertionFields = assertion.partial().shape

/** A browser's answer to creation options (RegistrationResponseJSON), and the passkey's name. */
export const registrationInput = z.preprocess(
  unpackCredential,
  z.object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z.array(z.string().max(20)).max(10).optional(),
    }),
    name: z.string().trim().min(1).max(60).default('Passkey'),
  }),
)

export const passkeyNameInput = z.object({ name: z.string().trim().min(1).max(60) })

/** The fields of a form: the browser's answer as JSON, and what else it carries. */
export function credentialForm<Fields extends z.ZodRawShape>(fields: z.ZodObject<Fields>) {
  return fields.extend({ credential: z.string() })
}

/** The body with the browser's answer, which a form carries as JSON in the field `credential`. */
export function unpackCredential(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('credential' in body)) return body
  const { credential, ...rest } = body
  return { ...objectIn(credential), ...rest }
}

function objectIn(json: unknown): object {
  try {
    const value: unknown = JSON.parse(String(json))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
