import { readFileSync } from 'node:fs'
import { types } from 'node:util'
import type { z } from 'zod'
import { plainEnglish } from './plain-english.ts'
import { type SettingProblem, SettingsError } from './settings-error.ts'

type Environment = Record<string, string | undefined>

/**
 * Typed settings from the environment, checked against `schema`. Only the names it declares are
 * looked at; each may come from a file instead, named by `NAME_FILE`. An empty value counts as absent.
 *
 * @throws SettingsError with every problem at once
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
): z.output<Schema> {
  const { values, problems } = collectValues(Object.keys(schema.shape), env)
  const result = schema.safeParse(values, { error: plainEnglish })
  const unread = new Set(problems.map(({ setting }) => setting))
  const invalid = (result.error?.issues ?? [])
    .map(({ path, message }) => ({ setting: path.join('.') || 'settings', problem: message }))
    .filter(({ setting }) => !unread.has(setting))
  if (!result.success || problems.length > 0) throw new SettingsError([...problems, ...invalid])
  return result.data
}

function collectValues(names: string[], env: Environment) {
  const values: Record<string, string> = {}
  const problems: SettingProblem[] = []
  for (const name of names) {
    const { value, problem } = readValue(name, env)
    if (value !== undefined) values[name] = value
    if (problem !== undefined) problems.push({ setting: name, problem })
  }
  return { values, problems }
}

function readValue(name: string, env: Environment): { value?: string; problem?: string } {
  const value = env[name] || undefined
  const file = env[`${name}_FILE`] || undefined
  if (file === undefined) return value === undefined ? {} : { value }
  if (value !== undefined) return { problem: `Give either this or ${name}_FILE, not both.` }
  try {
    const content = readFileSync(file, 'utf8').trim()
    return content === ''
      ? { problem: `The file that ${name}_FILE names is empty.` }
      : { value: content }
  } catch (error) {
    return { problem: `The file that ${name}_FILE names cannot be read (${reasonOf(error)}).` }
  }
}

// The code alone: a message would repeat the path, and some paste the secret itself there.
function reasonOf(error: unknown): string {
  return types.isNativeError(error) && 'code' in error ? String(error.code) : 'unknown reason'
}
