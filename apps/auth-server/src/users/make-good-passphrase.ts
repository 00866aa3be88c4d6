import { makePassphrase } from './generate-passphrase.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'

/** A passphrase that the rules take for this account's password. */
export function makeGoodPassphrase(
  config: PasswordConfig,
  names: { username: string; email: string },
): string {
  let password = makePassphrase()
  while (password.length < config.passwordMinLength) password += `-${makePassphrase()}`
  // By chance the syllables may spell a name that the rules refuse.
  const isGood = passwordProblems(config, { ...names, password }).length === 0
  return isGood ? password : makeGoodPassphrase(config, names)
}
