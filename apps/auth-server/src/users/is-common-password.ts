import { dictionary } from '@zxcvbn-ts/language-common'

let list: Set<string> | undefined

/** Whether a password, in any case, is on the list of those most used in leaks (R4). */
export function isCommonPassword(password: string): boolean {
  list ??= new Set(dictionary['passwords-common'])
  return list.has(password.toLowerCase())
}
