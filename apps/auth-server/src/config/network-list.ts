import ipaddr from 'ipaddr.js'
import { commaList } from 'service-kit'

/** A network such as `10.0.0.0/8`. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>

/** Networks, separated by commas. */
export function networkList() {
  return commaList()
    .refine(
      (entries) => entries.every((entry) => ipaddr.isValidCIDR(entry)),
      'Each entry must be a network such as 10.0.0.0/8 or fd00::/8.',
    )
    .transform((entries) => entries.map((entry) => ipaddr.parseCIDR(entry)))
}

/** The same of a text that is known to be right. */
export function readNetworks(text: string): Network[] {
  return text.split(',').map((entry) => ipaddr.parseCIDR(entry))
}
