import { Registry } from 'prom-client'
import { createLogger } from 'service-kit'
import { type Audit, createAudit } from '../src/audit/create-audit.ts'

/** An audit log that stores nothing, for tests without a server. */
export function silentAudit(): Audit {
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  return createAudit({ logger, registry: new Registry(), keep: () => undefined })
}
