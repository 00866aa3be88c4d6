/**
 * The form of a user name or e-mail address under which it is unique and found: NFKC (UAX #15) and
 * lower case, so that `K` (Kelvin), NFD and capitals make no second account, while a dotless `ı` is
 * still no `i` (C22). Never by upper case, which would make them one.
 */
export function normalizeIdentity(text: string): string {
  // Lower case can undo the composition, so it is made again.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').trim()
}
