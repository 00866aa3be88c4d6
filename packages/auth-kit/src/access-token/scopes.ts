/** The characters of a scope in RFC 6749: they need no quoting in a header either. */
const PLAIN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Whether a name can stand between the quotes of a header as it is. */
export function isPlain(name: string): boolean {
  return PLAIN.test(name)
}

/** The scopes in a space-separated list. */
export function splitScopes(list: string): string[] {
  return list.split(' ').filter((scope) => scope !== '')
}

/** Whether all that is needed is there. */
export function hasScopes(scope: readonly string[], needed: readonly string[]): boolean {
  return needed.every((name) => scope.includes(name))
}
