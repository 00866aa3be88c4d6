const shortest = 32
const fewestDifferent = 10
const example = /change.?me|example|placeholder|keyboard.?cat|your.?secret|password/i

/** What is wrong with a secret, in words that do not repeat it; undefined if it is good. */
export function secretProblem(secret: string): string | undefined {
  if (secret.length < shortest) return `A secret must have at least ${shortest} characters.`
  if (example.test(secret) || new Set(secret).size < fewestDifferent)
    return 'This is an example, not a secret: create one with openssl rand -base64 48.'
  return undefined
}
