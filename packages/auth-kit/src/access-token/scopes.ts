/** The characters RFC 6749 allows in a scope. They need no escaping in a header. */
const PLAIN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Whether a name can go into a quoted header value without escaping. */
export function isPlain(name: string): boolean {
  return PLAIN.test(name)
}

/** The scopes in a space-separated list. */
export function splitScopes(list: string): string[] {
  return list.split(' ').filter((scope) => scope !== '')
}

/** Whether every needed scope is present. */
export function hasScopes(scope: readonly string[], needed: readonly string[]): boolean {
  return needed.every((name) => scope.includes(name))
}
