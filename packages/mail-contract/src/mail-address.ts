import { z } from 'zod'

// Exactly one address. Quotes, comments, groups, lists and line breaks can make a mail program see a
// second recipient or another header (R43, C24).
const local = String.raw`[^\s\p{C}@"(),:;<>\[\]\\]{1,64}`
const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`

/** One ordinary e-mail address. */
export const mailAddressPattern = new RegExp(String.raw`^${local}@(?:${label}\.)+${label}$`, 'u')

/** A single e-mail address without a display name, of at most 254 characters. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(mailAddressPattern, 'This must be one plain e-mail address.')
