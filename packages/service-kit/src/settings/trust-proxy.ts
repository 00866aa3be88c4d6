import { isIP } from 'node:net'
import { z } from 'zod'

const namedRanges = new Set(['loopback', 'linklocal', 'uniquelocal'])
const spoofable =
  'Trusting every address lets any client choose its own: give the number of proxies in front, or their addresses.'

/**
 * Express's `trust proxy`: the number of proxies in front, or their addresses, ranges (CIDR) and
 * `loopback`, `linklocal`, `uniquelocal`, separated by commas (R44). Absent or 0: no proxy.
 */
export function trustProxy() {
  return z
    .string()
    .default('0')
    .superRefine((text, context) => {
      const problem = proxyProblem(text)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    })
    .transform((text) => (/^\d+$/.test(text) ? Number(text) || false : entriesOf(text)))
}

function proxyProblem(text: string): string | undefined {
  if (/^\d{1,2}$/.test(text)) return undefined
  if (text === 'true' || entriesOf(text).some((entry) => entry.endsWith('/0'))) return spoofable
  return entriesOf(text).every(isRange)
    ? undefined
    : 'This must be a number of proxies, or addresses and ranges separated by commas.'
}

function isRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const version = isIP(address)
  if (prefix === undefined) return version !== 0 || namedRanges.has(entry)
  const longest = version === 4 ? 32 : 128
  return version !== 0 && rest.length === 0 && /^\d+$/.test(prefix) && Number(prefix) <= longest
}

function entriesOf(text: string): string[] {
  return text.split(',').map((entry) => entry.trim())
}
