import type { Request } from 'express'
import { scopeNotHeld } from '../../http/errors.ts'

/**
 * Lets a machine touch only clients whose scopes it has itself. Otherwise it could grant itself another
 * scope through a new client, a changed redirect URI or a new secret. An admin may grant any scope.
 *
 * @throws Problem 403 `scope_not_held`
 */
export function checkGrantable({ machine }: Request, scopes: readonly string[]): void {
  const missing = machine && scopes.find((scope) => !machine.scopes.includes(scope))
  if (missing !== undefined) throw scopeNotHeld(missing)
}
