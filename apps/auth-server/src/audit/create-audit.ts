import { Counter, type Registry } from 'prom-client'
import type { Logger } from 'service-kit'
import { type AuditEvent, auditEvents, type AuditEvents } from './audit-events.ts'
import { auditRecordOf, type AuditSource, type AuditSubject } from './build-audit-record.ts'
import type { AuditRecord } from './audit-record.model.ts'

/** One function for each business event: `audit.signedIn(req, { user })`. Neither waits nor fails. */
export type Audit = {
  [Key in keyof AuditEvents]: (
    from: AuditSource,
    facts: AuditSubject & Partial<Record<AuditEvents[Key]['details'][number], string | number>>,
  ) => void
}

type Deps = {
  logger: Logger
  registry: Registry
  /** Queues a record for storage. */
  keep: (record: AuditRecord) => void
}

/**
 * Creates the functions that record events. Each writes a log line, counts in the metric
 * `auth_events_total` and stores a record, all three from one table of events.
 */
export function createAudit({ logger, registry, keep }: Deps): Audit {
  const counter = new Counter({
    name: 'auth_events_total',
    help: 'Business events such as sign-ins, by name and outcome',
    labelNames: ['event', 'outcome'],
    registers: [registry],
  })

  function tell(event: AuditEvent) {
    const { name, outcome, words, stored } = event
    counter.inc({ event: name, outcome }, 0)
    return (from: AuditSource, facts: AuditSubject & Record<string, unknown>): void => {
      const record = auditRecordOf(event, from, facts)
      const { actorId: actor, subjectId: subject, address, details } = record
      const request = from?.id
      logger.info({ event: name, outcome, actor, subject, address, details, request }, words)
      counter.inc({ event: name, outcome })
      if (stored) keep(record)
    }
  }
  const functions = Object.fromEntries(
    Object.entries(auditEvents).map(([key, event]) => [key, tell(event)]),
  )
  if (!isWhole(functions)) throw new TypeError('an event has no function')
  return functions
}

function isWhole(functions: object): functions is Audit {
  return Object.keys(auditEvents).every((key) => key in functions)
}
