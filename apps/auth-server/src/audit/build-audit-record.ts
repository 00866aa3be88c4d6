import type { Request } from 'express'
import { Types } from 'mongoose'
import { clientAddress, clientIp } from '../http/client-address.ts'
import type { AuditEvent } from './audit-events.ts'
import type { AuditRecord } from './audit-record.model.ts'

/**
 * The request that caused an event, with its id in the request log and the machine client that sent it;
 * null for the command line and this server itself.
 */
export type AuditSource =
  | (Request & { id?: unknown; machine?: { id: string; name: string } })
  | null

/**
 * The subject of an event: the first of these that is given. The others become details.
 */
export type AuditSubject = {
  /** Null if the account is unknown. */
  user?: { id: string; username: string | null } | null
  client?: { id: string; name: string }
  invite?: { id: string; email?: string | null }
  address?: string
  /** The actor, if it is neither the session’s user nor the subject. */
  by?: { id: string; username: string }
}

type Who = { id: string; name: string | null }

/** Builds the record of an event. */
export function auditRecordOf(
  { name, outcome, details }: AuditEvent,
  from: AuditSource,
  facts: AuditSubject & Record<string, unknown>,
): AuditRecord {
  const subject = subjectOf(facts)
  const actor = actorOf(from, facts, outcome)
  return {
    _id: new Types.ObjectId(),
    at: new Date(),
    event: name,
    outcome,
    actorId: actor?.id ?? null,
    actorName: actor?.name ?? null,
    subjectId: subject?.id ?? null,
    subjectName: subject?.name ?? null,
    address: (from && clientIp(from)) ?? null,
    network: from && clientAddress(from),
    userAgent: line(from?.get('User-Agent')),
    details: detailsOf(details, facts),
  }
}

function subjectOf({ user, client, invite, address }: AuditSubject): Who | undefined {
  if (user !== undefined) return user ? { id: user.id, name: user.username } : undefined
  if (client) return client
  if (invite) return { id: invite.id, name: invite.email ?? null }
  return address === undefined ? undefined : { id: address, name: null }
}

// Without a session, a success is the user's own: by a password, a link or a token. The command line
// (`from` is null) and failures have no actor.
function actorOf(
  from: AuditSource,
  { by, user }: AuditSubject,
  outcome: AuditEvent['outcome'],
): Who | undefined {
  if (from?.machine) return from.machine
  const actor = by ?? from?.user ?? (from && outcome === 'success' ? user : null)
  return actor ? { id: actor.id, name: actor.username } : undefined
}

function detailsOf(
  names: readonly string[],
  facts: AuditSubject & Record<string, unknown>,
): AuditRecord['details'] {
  const details: AuditRecord['details'] = {}
  for (const name of names) {
    const fact = facts[name]
    if (typeof fact === 'number') details[name] = fact
    else if (typeof fact === 'string') details[name] = line(fact) ?? ''
  }
  if (facts.user !== undefined && facts.client) details.client = facts.client.name
  if (facts.user !== undefined && facts.invite) details.invite = facts.invite.id
  return details
}

/** Limits what a client sent to one short line (R61). */
function line(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300)
}
