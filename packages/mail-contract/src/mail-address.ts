import { z } from 'zod'

// One address and nothing else: quotes, comments, groups, lists and line breaks are what a mail
// program can be made to read as a second recipient or a second header (R43, C24).
const local = String.raw`[^\s\p{C}@"(),:;<>\[\]\\]{1,64}`
const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`

/** One address as people have them. */
export const mailAddressPattern = new RegExp(String.raw`^${local}@(?:${label}\.)+${label}$`, 'u')

/** A single mail address without display name, of 254 characters at most. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(mailAddressPattern, 'This must be one plain mail address.')
