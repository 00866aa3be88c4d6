/**
 * The form of a user name or e-mail address that is unique and looked up: NFKC (UAX #15) in lower
 * case. `K` (Kelvin), NFD and capitals make no second account, but a dotless `ı` is not an `i` (C22);
 * upper case would make them equal.
 */
export function normalizeIdentity(text: string): string {
  // Lower-casing can undo the composition, so NFKC is applied again.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').trim()
}
