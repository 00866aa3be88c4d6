import ipaddr from 'ipaddr.js'
import { commaList } from 'service-kit'

/** A network such as `10.0.0.0/8`. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>

/** A setting that lists networks, separated by commas. */
export function networkList() {
  return commaList()
    .refine(
      (entries) => entries.every((entry) => ipaddr.isValidCIDR(entry)),
      'Each entry must be a network such as 10.0.0.0/8 or fd00::/8.',
    )
    .transform((entries) => entries.map((entry) => ipaddr.parseCIDR(entry)))
}

/** Reads a list of networks that is known to be valid. */
export function readNetworks(text: string): Network[] {
  return text.split(',').map((entry) => ipaddr.parseCIDR(entry))
}
