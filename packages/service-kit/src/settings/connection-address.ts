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
  /** Whether the driver also refuses a raw `:` in the password, and a raw `@` in the user name. */
  strict?: boolean
}

/** The address of a store, broker or mail server. No error message repeats it (R61). */
export function connectionAddress(rule: AddressRule) {
  return z.string().superRefine((text, context) => {
    const message = addressProblem(text, rule)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

const oneHost = /^(\[[\da-f:.]+\]|[^\s:@[\]]+)(:\d{1,5})?$/i
const encodings =
  '@ as %40, / as %2F, : as %3A, # as %23, ? as %3F, % as %25, [ as %5B and ] as %5D'
const encode = `In the user name and the password write ${encodings}.`

/** What is wrong with a connection address, in words; undefined if it is unambiguous. */
export function addressProblem(text: string, rule: AddressRule): string | undefined {
  const { scheme = '', rest = '' } =
    /^(?<scheme>[a-z\d+-]+):\/\/(?<rest>.*)$/s.exec(text)?.groups ?? {}
  if (!rule.schemes.includes(scheme)) return `This must be an address such as ${rule.example}.`
  const { authority, path } = partsOf(rest)
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1).split(',')
  // An @ after the first / ? or # means that one of these is part of the password, unless it is in the
  // value of an option, as in `appName=@name@`.
  if (/^[^/?#]*(\/[^?#]*@|[/?#][^&=]*@)/.test(rest) || rest.includes('#')) return encode
  if (!isEncoded(authority.slice(0, Math.max(at, 0)), rule)) return encode
  if (hosts.length > 1 && !rule.manyHosts) return 'This must name one host.'
  if (!hosts.every((host) => isHost(rule.manyHosts ? host.trim() : host)))
    return path.includes('@') ? encode : `This must be an address such as ${rule.example}.`
  if (rule.database && !/^\/[^/?]/.test(path))
    return `This names no database: write it after the hosts, as in ${rule.example}.`
  return undefined
}

function isEncoded(credentials: string, { strict }: AddressRule): boolean {
  if (/%(?![\da-f]{2})/i.test(credentials)) return false
  const [username = '', ...password] = credentials.split(':')
  if (password.some((part) => part.includes('@'))) return false
  return !strict || !(username.includes('@') || password.length > 1 || /[[\]]/.test(credentials))
}

function isHost(text: string): boolean {
  const port = oneHost.exec(text)?.[2]?.slice(1)
  return oneHost.test(text) && Number(port ?? 0) <= 65_535
}

function partsOf(rest: string): { authority: string; path: string } {
  const end = rest.search(/[/?#]/)
  return end === -1
    ? { authority: rest, path: '' }
    : { authority: rest.slice(0, end), path: rest.slice(end) }
}
