import { z } from 'zod'
import { secretProblem } from './secret-problem.ts'

/** A whole number within limits, given as digits. */
export function wholeNumber({ min, max }: { min: number; max: number }) {
  const message = `This must be a whole number from ${min} to ${max}.`
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

/** A number above 0 that may have decimals, such as `0.5`. */
export function positiveNumber({ max }: { max: number }) {
  const message = `This must be a number above 0 and at most ${max}.`
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, message)
    .transform(Number)
    .refine((value) => value > 0 && value <= max, message)
}

/** Entries separated by commas. Spaces around them and empty entries are dropped. */
export function commaList() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )
}

/** Exact web origins (`https://shop.example`), separated by commas. */
export function originList() {
  return commaList()
    .transform((entries) => entries.map((entry) => entry.replace(/\/$/, '')))
    .refine(
      (entries) => entries.every(isOrigin),
      'Each entry must be an exact origin such as https://shop.example, with no path or wildcard.',
    )
}

/** The path under which everything is served, such as `/` or `/auth/`, with a slash at both ends. */
export function basePath() {
  return z
    .string()
    .regex(/^\/?([\w.~-]+\/?)*$/, 'This must be a path such as / or /auth/.')
    .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'This must be a path without dots.')
    .transform((path) => `/${path}/`.replace(/\/+/g, '/'))
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text
}

/** Secrets, separated by commas. With `strict` each must be long and not a known example (R64). */
export function secretList({ strict }: { strict: boolean }) {
  return commaList().superRefine((secrets, context) => {
    const problem = secrets.length === 0 ? 'This is required.' : strict && firstProblem(secrets)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
}

function firstProblem(secrets: string[]): string | undefined {
  return secrets.map(secretProblem).find((problem) => problem !== undefined)
}
