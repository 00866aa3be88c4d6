import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { encodeControls, encodeForPrinting } from '../http/encode-controls.ts'
import { serializeError } from './serialize-error.ts'

type LoggerSettings = {
  name: string
  level: string
  /** One coloured line per event, for people; JSON otherwise. */
  pretty: boolean
  /** Standard output by default. */
  destination?: { write: (line: string) => unknown }
}

// The last net. Log fields are chosen one by one, but some day a whole body slips in.
const secretKeys = [
  'password',
  'newPassword',
  'secret',
  'client_secret',
  'token',
  'refresh_token',
  'access_token',
  'authorization',
  'cookie',
  '["set-cookie"]',
]

/** A logger that hides secrets and keeps every event on one line, whatever a client sends (R61). */
export function createLogger({ name, level, pretty, destination }: LoggerSettings): Logger {
  const output = destination ?? process.stdout
  const options: LoggerOptions = {
    name,
    level,
    serializers: { err: (error: unknown) => serializeError(error) },
    redact: { paths: secretKeys.flatMap(atAnyDepth), censor: '[hidden]' },
    hooks: { streamWrite: pretty ? encodeForPrinting : encodeControls },
  }
  return pino(options, pretty ? prettyStream(output, destination === undefined) : output)
}

function atAnyDepth(key: string): string[] {
  return [key, '*', '*.*'].map((prefix) => {
    if (prefix === key) return key
    return key.startsWith('[') ? `${prefix}${key}` : `${prefix}.${key}`
  })
}

function prettyStream(
  output: { write: (line: string) => unknown },
  terminal: boolean,
): DestinationStream {
  const prettify = prettyFactory({
    colorize: terminal && process.stdout.isTTY,
    singleLine: true,
    errorLikeObjectKeys: [],
    // The message already says what a person wants to know about a request.
    ignore: 'pid,hostname,req,res',
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return { write: (line) => void output.write(prettify(line)) }
}
