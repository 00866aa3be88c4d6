import { z } from 'zod'
import { assertionFields, unpackCredential } from './passkeys/passkey-input.ts'

/** The password, a code, both, or a passkey's assertion; an empty field counts as omitted. */
export const reauthenticateInput = z.preprocess(
  unpackCredential,
  z
    .object({
      password: z.string().max(1024).optional(),
      code: z.string().max(100).optional(),
      ...assertionFields,
    })
    .refine(({ password, code, id }) => [password, code, id].some(Boolean), {
      path: ['password'],
      message: 'Enter your password or a code.',
    }),
)
