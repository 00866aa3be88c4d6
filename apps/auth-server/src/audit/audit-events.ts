/** A kind of business event: what log line, metric and record have in common. */
export type AuditEvent = {
  /** In records, in the log and as a label of the metric. */
  name: string
  /** For people. */
  words: string
  outcome: 'success' | 'failure'
  /** Details beyond actor, subject and address. Never a secret, never what someone typed. */
  details: readonly string[]
  /** False if anybody can cause it endlessly: it is logged and counted but fills no database. */
  stored: boolean
  /** Whether admins do it to others, who see neither the actor nor the address. */
  byAdmins: boolean
}

const done = { outcome: 'success', details: [], stored: true, byAdmins: false } as const
const administered = { ...done, byAdmins: true } as const
const refused = { ...done, outcome: 'failure' } as const

/** Every business event, by the function that records it. */
export const auditEvents = {
  signedIn: { ...done, name: 'signed_in', words: 'Signed in' },
  reauthenticated: { ...done, name: 'reauthenticated', words: 'Re-authenticated' },
  signInFailed: {
    ...refused,
    name: 'sign_in_failed',
    words: 'Sign-in refused',
    details: ['way', 'reason'],
  },
  // The failures or the block that led to it are stored.
  signInLimited: {
    ...refused,
    name: 'sign_in_limited',
    words: 'Sign-in refused: too many attempts',
    details: ['way', 'reason'],
    stored: false,
  },
  clientRefused: {
    ...refused,
    name: 'client_refused',
    words: 'Client site refused',
    details: ['endpoint'],
    stored: false,
  },
  foreignOriginRefused: {
    ...refused,
    name: 'foreign_origin_refused',
    words: 'Request from another site refused',
    details: ['origin', 'endpoint'],
    stored: false,
  },
  accessRefused: {
    ...refused,
    name: 'access_refused',
    words: 'Access refused',
    details: ['endpoint'],
    stored: false,
  },
  signedOut: { ...done, name: 'signed_out', words: 'Signed out' },
  sessionsEnded: {
    ...administered,
    name: 'sessions_ended',
    words: 'Sessions ended',
    details: ['sessions'],
  },
  redisRestored: {
    ...refused,
    name: 'redis_restored',
    words: 'Redis restored from a backup, or it lost sign-outs',
    details: ['result'],
  },

  accountCreated: {
    ...administered,
    name: 'account_created',
    words: 'Account created',
  },
  accountConfirmed: { ...done, name: 'account_confirmed', words: 'E-mail address confirmed' },
  accountDeleted: {
    ...administered,
    name: 'account_deleted',
    words: 'Account deleted',
    details: ['reason'],
  },
  signUpForOwner: {
    ...refused,
    name: 'sign_up_for_owner',
    words: 'Sign-up with the address of an existing account',
  },
  signUpRefused: {
    ...refused,
    name: 'sign_up_refused',
    words: 'Sign-up refused',
    details: ['reason'],
  },
  // Nobody's account yet. The one that is made is an account_created.
  signUpReserved: {
    ...done,
    name: 'sign_up_reserved',
    words: 'Somebody signed up without an invite',
    stored: false,
  },
  signUpLimited: {
    ...refused,
    name: 'sign_up_limited',
    words: 'Sign-up refused: too many at the moment',
    details: ['reason'],
    stored: false,
  },
  mailRequested: {
    ...administered,
    name: 'mail_requested',
    words: 'E-mail requested',
    details: ['mail'],
  },
  passwordChanged: { ...done, name: 'password_changed', words: 'Password changed' },
  passwordReset: { ...done, name: 'password_reset', words: 'Password reset by e-mail' },
  emailChangeAsked: {
    ...done,
    name: 'email_change_asked',
    words: 'Change of e-mail address requested',
  },
  emailChangeCancelled: {
    ...done,
    name: 'email_change_cancelled',
    words: 'Change of e-mail address cancelled',
  },
  emailChanged: { ...done, name: 'email_changed', words: 'E-mail address changed' },
  notMeSaid: {
    ...done,
    name: 'not_me_said',
    words: '“This was not me” chosen in an e-mail',
    details: ['result'],
  },
  factorsChanged: {
    ...done,
    name: 'factors_changed',
    words: 'Sign-in methods changed',
    details: ['change'],
  },
  recoveryCodeUsed: {
    ...done,
    name: 'recovery_code_used',
    words: 'Recovery code used',
    details: ['left'],
  },
  factorsReset: {
    ...administered,
    name: 'factors_reset',
    words: 'Second factors removed by an admin',
  },
  passkeyCounterLow: {
    ...refused,
    name: 'passkey_counter_low',
    words: 'Passkey counter went backwards: it may have been copied',
    details: ['result'],
  },
  userSuspended: { ...administered, name: 'user_suspended', words: 'Account suspended' },
  userRestored: { ...administered, name: 'user_restored', words: 'Account restored' },
  rolesChanged: {
    ...administered,
    name: 'roles_changed',
    words: 'Roles changed',
    details: ['roles'],
  },
  usersImportBegun: { ...done, name: 'users_import_begun', words: 'User import started' },
  usersImported: {
    ...done,
    name: 'users_imported',
    words: 'Users imported',
    details: ['imported', 'skipped', 'failed'],
  },
  usersExported: {
    ...done,
    name: 'users_exported',
    words: 'Users exported',
    details: ['hashes'],
  },

  tokensGiven: { ...done, name: 'tokens_given', words: 'Signed in to a client site' },
  codeReused: {
    ...refused,
    name: 'code_reused',
    words: 'Code of a client site used twice: its tokens were revoked',
  },
  tokenReused: {
    ...refused,
    name: 'token_reused',
    words: 'Refresh token used twice: its tokens were revoked',
  },
  tokenRevoked: { ...done, name: 'token_revoked', words: 'Tokens revoked by a client site' },
  clientAdded: { ...done, name: 'client_added', words: 'Client site added', details: ['kind'] },
  clientEdited: {
    ...done,
    name: 'client_edited',
    words: 'Client site edited',
    details: ['fields'],
  },
  clientRotated: {
    ...done,
    name: 'client_rotated',
    words: 'Secret or key of a client site rotated',
    details: ['what'],
  },
  clientRemoved: { ...done, name: 'client_removed', words: 'Client site removed' },

  inviteCreated: { ...done, name: 'invite_created', words: 'Invite created' },
  inviteRevoked: { ...done, name: 'invite_revoked', words: 'Invite revoked' },
  mailReplayed: {
    ...done,
    name: 'mail_replayed',
    words: 'Dead e-mail queued again',
    details: ['mail'],
  },
  mailDropped: { ...done, name: 'mail_dropped', words: 'Dead e-mail deleted', details: ['mail'] },

  addressBlocked: {
    ...refused,
    name: 'address_suspended',
    words: 'Network address blocked',
    details: ['until', 'failures', 'times'],
  },
  blockLifted: {
    ...done,
    name: 'suspension_lifted',
    words: 'Block of a network address lifted',
  },
} as const satisfies Record<string, AuditEvent>

export type AuditEvents = typeof auditEvents

/** The names that an event can have in records. */
export const auditEventNames = Object.values(auditEvents)
  .filter(({ stored }) => stored)
  .map(({ name }) => name)

const wordsByName = new Map<string, string>(
  Object.values(auditEvents).map(({ name, words }) => [name, words]),
)

const namesByAdmins = new Set<string>(
  Object.values(auditEvents)
    .filter(({ byAdmins }) => byAdmins)
    .map(({ name }) => name),
)

/** Whether admins cause the event on the accounts of others. */
export function isByAdmins(name: string): boolean {
  return namesByAdmins.has(name)
}

/** The title of an event for people, or its name if the event is unknown. */
export function wordsOf(name: string): string {
  return wordsByName.get(name) ?? name
}
