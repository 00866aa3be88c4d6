import { commaList } from 'service-kit'

const types = ['cache', 'storage']

/** What browsers clear on sign-out (the W3C's Clear Site Data): `cache`, `storage`, both, or `none`. */
export function clearSiteData() {
  return commaList()
    .refine(
      (names) => names.join() === 'none' || names.every((name) => types.includes(name)),
      'This must be cache, storage, both separated by a comma, or none.',
    )
    .transform((names) => names.filter((name) => name !== 'none'))
}
