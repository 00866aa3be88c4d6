import { z } from 'zod'

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
export const assertionInput = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.max(200).optional(),
  }),
  returnTo: z.string().max(8192).optional(),
})

/** A browser's answer to creation options (RegistrationResponseJSON), and the passkey's name. */
export const registrationInput = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
  name: z.string().trim().min(1).max(60).default('Passkey'),
})

export const passkeyNameInput = z.object({ name: z.string().trim().min(1).max(60) })
