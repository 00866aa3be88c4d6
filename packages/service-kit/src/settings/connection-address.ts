import { z } from 'zod'

type AddressRule = {
  /** What may stand before `://`. */
  schemes: string[]
  /** An address of this kind, for the reader of a problem. */
  example: string
  /** Several hosts, separated by commas, may stand there. */
  manyHosts?: boolean
  /** A database has to be named after the hosts. */
  database?: boolean
}

/** Where a store, broker or mail server is, as its driver reads it. No problem repeats the value (R61). */
export function connectionAddress(rule: AddressRule) {
  return z.string().superRefine((text, context) => {
    const message = addressProblem(text, rule)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

const oneHost = /^(\[[\da-f:.]+\]|[^\s:@[\]]+)(:\d{1,5})?$/i
const encodings = '@ as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25'
const encode = `In the user name and the password write ${encodings}.`

/** What is wrong with a connection address, in words; undefined when it can be read in one way only. */
export function addressProblem(text: string, rule: AddressRule): string | undefined {
  const { scheme = '', rest = '' } =
    /^(?<scheme>[a-z\d+-]+):\/\/(?<rest>.*)$/s.exec(text)?.groups ?? {}
  if (!rule.schemes.includes(scheme)) return `This must be an address such as ${rule.example}.`
  const { authority, path } = partsOf(rest)
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1).split(',')
  // Beyond the first / ? or # an @ tells that one of these stands in the password.
  if (/^[^?#]*[/?#][^&=]*@/.test(rest) || rest.includes('#')) return encode
  if (/%(?![\da-f]{2})/i.test(authority)) return encode
  if (hosts.length > 1 && !rule.manyHosts) return 'This must name one host.'
  if (!hosts.every((host) => oneHost.test(rule.manyHosts ? host.trim() : host)))
    return `This must be an address such as ${rule.example}.`
  if (rule.database && !/^\/[^/?]/.test(path))
    return `This names no database: write it after the hosts, as in ${rule.example}.`
  return undefined
}

function partsOf(rest: string): { authority: string; path: string } {
  const end = rest.search(/[/?#]/)
  return end === -1
    ? { authority: rest, path: '' }
    : { authority: rest.slice(0, end), path: rest.slice(end) }
}
