import { domainToASCII } from 'node:url'
import { z } from 'zod'

/** Who may sign up without an invite: nobody, anybody, or people with an address at one of `domains`. */
export type SignUpSetting =
  | { by: 'invite' }
  | { by: 'anybody' }
  | { by: 'domain'; domains: string[] }

/** `invite`, `open`, or the domains of e-mail addresses, separated by commas. */
export function signUpSetting() {
  return z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim().toLowerCase()))
    .refine(
      ([first = '', ...others]) =>
        others.length === 0 && ['invite', 'open'].includes(first)
          ? true
          : [first, ...others].every(isDomain),
      'This must be invite, open, or domains such as example.com,example.org.',
    )
    .transform((entries): SignUpSetting => {
      if (entries[0] === 'invite') return { by: 'invite' }
      if (entries[0] === 'open') return { by: 'anybody' }
      return { by: 'domain', domains: [...new Set(entries)] }
    })
}

function isDomain(text: string): boolean {
  return /^(?=.{4,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/.test(
    domainToASCII(text),
  )
}
