const oneLine = /^[\t\x20-\x7e]{0,998}$/
const field = /^(?<name>[\x21-\x39\x3b-\x7e]+):(?<value> [\s\S]*\S[\s\S]*)$/
const days = 'Sun|Mon|Tue|Wed|Thu|Fri|Sat'
const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const dateTime = new RegExp(
  `^(?<day>${days}), (?<date>\\d{1,2} (?:${months}) \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4})$`,
)
const atom = "[\\w!#$%&'*+/=?^`{|}~-]+"
const dotAtom = `${atom}(?:\\.${atom})*`
const phrase = `(?:"(?:[^"\\\\]|\\\\.)*"|${atom}(?: ${atom})*)`
const mailbox = new RegExp(`^(?:${phrase} <${dotAtom}@${dotAtom}>|${dotAtom}@${dotAtom})$`)
const messageId = new RegExp(`^<${dotAtom}@${dotAtom}>$`)

const rules: Record<string, (value: string) => boolean> = {
  date: isDateTime,
  from: (value) => mailbox.test(value),
  to: (value) => mailbox.test(value),
  'message-id': (value) => messageId.test(value),
  subject: (value) => value.length > 0,
  'mime-version': (value) => value === '1.0',
}

/**
 * Parses an e-mail's header fields as the strictest mail servers do (RFC 5322 §2.2, §3.3, §3.4 and
 * §3.6): each of the fields above must appear once and keep its grammar.
 *
 * @throws Error that names the wrong header
 */
export function readHeaders(raw: string): Map<string, string> {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  for (const line of head.split('\r\n')) if (!oneLine.test(line)) throw wrong(line)
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r\n(?=[\t ])/g, '').split('\r\n')) {
    const { name = '', value = '' } = field.exec(line)?.groups ?? {}
    if (name === '' || headers.has(name.toLowerCase())) throw wrong(line)
    headers.set(name.toLowerCase(), value.trim())
  }
  for (const [name, isRight] of Object.entries(rules))
    if (!isRight(headers.get(name) ?? '')) throw wrong(`${name}: ${headers.get(name)}`)
  return headers
}

function isDateTime(value: string): boolean {
  const { day, date = '' } = dateTime.exec(value)?.groups ?? {}
  const at = new Date(date)
  const there = new Date(at.getTime() + offsetMs(date))
  return !Number.isNaN(at.getTime()) && days.split('|')[there.getUTCDay()] === day
}

function offsetMs(date: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d)(\d\d)$/.exec(date) ?? []
  return (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes))
}

function wrong(what: string): Error {
  return new Error(`RFC 5322 does not allow this header: ${what}`)
}
