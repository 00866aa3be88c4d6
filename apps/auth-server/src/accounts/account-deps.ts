import type { AuditRecords } from '../audit/audit-record.model.ts'
import type { SignInDeps } from '../sign-in/sign-in-deps.ts'
import type { Invites } from './invitations/invite.model.ts'
import type { MailRequests } from './mail-requests/mail-request.model.ts'
import type { Reservations } from './reservations/reservation.model.ts'

/** The dependencies that all features of `accounts/` share. */
export type AccountDeps = SignInDeps & {
  auditRecords: AuditRecords
  invites: Invites
  mailRequests: MailRequests
  reservations: Reservations
}
