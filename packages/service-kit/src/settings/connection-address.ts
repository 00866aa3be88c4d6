import { z } from 'zod'

type AddressRule = {
  /** The schemes allowed before `://`. */
  schemes: string[]
  /** An example for the error message. */
  example: string
  /** Whether several hosts, separated by commas, are allowed. */
  manyHosts?: boolean
  /** Whether the path must name a database. */
  database?: boolean
}

/** The address of a store, broker or mail server. No error message repeats it (R61). */
export function connectionAddress(rule: AddressRule) {
  return z.string().superRefine((text, context) => {
    const message = addressProblem(text, rule)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

const oneHost = /^(\[[\da-f:.]+\]|[^\s:@[\]]+)(:\d{1,5})?$/i
const encodings = '@ as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25'
const encode = `In the user name and the password write ${encodings}.`

/** What is wrong with a connection address, in words; undefined if it is unambiguous. */
export function addressProblem(text: string, rule: AddressRule): string | undefined {
  const { scheme = '', rest = '' } =
    /^(?<scheme>[a-z\d+-]+):\/\/(?<rest>.*)$/s.exec(text)?.groups ?? {}
  if (!rule.schemes.includes(scheme)) return `This must be an address such as ${rule.example}.`
  const { authority, path } = partsOf(rest)
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1).split(',')
  // An @ after the first / ? or # means that one of these is part of the password.
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
