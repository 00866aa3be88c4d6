import { Registry } from 'prom-client'
import { createLogger } from 'service-kit'
import { type Audit, createAudit } from '../src/audit/create-audit.ts'

/** For what is tried without a server around it: everything may be told, and nothing is kept. */
export function silentAudit(): Audit {
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  return createAudit({ logger, registry: new Registry(), keep: () => undefined })
}
