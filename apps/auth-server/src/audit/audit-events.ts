/** A kind of business event, and everything that log line, metric and record say alike. */
export type AuditEvent = {
  /** In records, in the log, as label of the metric. */
  name: string
  /** For people. */
  words: string
  outcome: 'success' | 'failure'
  /** Details beyond actor, subject and address. Never a secret, never what someone typed. */
  details: readonly string[]
  /**
   * False: anybody can cause it without end, so it is logged and counted, and fills no database.
   */
  stored: boolean
  /** True if admins do it to others, who see neither the actor nor the address. */
  byAdmins: boolean
}

const done = { outcome: 'success', details: [], stored: true, byAdmins: false } as const
const administered = { ...done, byAdmins: true } as const
const refused = { ...done, outcome: 'failure' } as const

/** Every business event, by the function that tells it. */
export const auditEvents = {
  signedIn: { ...done, name: 'signed_in', words: 'Signed in' },
  reauthenticated: { ...done, name: 'reauthenticated', words: 'Gave the password again' },
  signInFailed: {
    ...refused,
    name: 'sign_in_failed',
    words: 'Sign-in refused',
    details: ['way', 'reason'],
  },
  // The failures, or the suspension, that made it too many are stored.
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
    words: 'A client site was refused',
    details: ['endpoint'],
    stored: false,
  },
  foreignOriginRefused: {
    ...refused,
    name: 'foreign_origin_refused',
    words: 'A request from another site was refused',
    details: ['origin', 'endpoint'],
    stored: false,
  },
  accessRefused: {
    ...refused,
    name: 'access_refused',
    words: 'A user was refused what they may not do',
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
    words: 'Somebody signed up with an address that has an account',
  },
  signUpRefused: {
    ...refused,
    name: 'sign_up_refused',
    words: 'Sign-up refused',
    details: ['reason'],
  },
  mailRequested: {
    ...administered,
    name: 'mail_requested',
    words: 'Mail requested',
    details: ['mail'],
  },
  passwordChanged: { ...done, name: 'password_changed', words: 'Password changed' },
  passwordReset: { ...done, name: 'password_reset', words: 'Password reset by mail' },
  emailChangeAsked: {
    ...done,
    name: 'email_change_asked',
    words: 'Change of e-mail address asked for',
  },
  emailChanged: { ...done, name: 'email_changed', words: 'E-mail address changed' },
  notMeSaid: {
    ...done,
    name: 'not_me_said',
    words: '“This was not me” was said of a mail',
    details: ['result'],
  },
  factorsChanged: {
    ...done,
    name: 'factors_changed',
    words: 'Ways to sign in changed',
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
    words: 'Second factors removed by an administrator',
  },
  passkeyCounterLow: {
    ...refused,
    name: 'passkey_counter_low',
    words: 'A passkey counted backwards: it may have been copied',
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
  usersImportBegun: { ...done, name: 'users_import_begun', words: 'Import of users begun' },
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

  tokensGiven: { ...done, name: 'tokens_given', words: 'A client site was signed in to' },
  codeReused: {
    ...refused,
    name: 'code_reused',
    words: 'A code for a client site was used twice: its tokens were ended',
  },
  tokenReused: {
    ...refused,
    name: 'token_reused',
    words: 'A refresh token was used twice: its tokens were ended',
  },
  tokenRevoked: { ...done, name: 'token_revoked', words: 'A client site ended its tokens' },
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
    words: 'Failed mail sent again',
    details: ['mail'],
  },
  mailDropped: { ...done, name: 'mail_dropped', words: 'Failed mail dropped', details: ['mail'] },

  addressSuspended: {
    ...refused,
    name: 'address_suspended',
    words: 'Network address suspended',
    details: ['until', 'failures', 'times'],
  },
  suspensionLifted: {
    ...done,
    name: 'suspension_lifted',
    words: 'Suspension of an address lifted',
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

/** Whether it is one that admins cause on the accounts of others. */
export function isByAdmins(name: string): boolean {
  return namesByAdmins.has(name)
}

/** The title of an event for display; its name if the event is unknown. */
export function wordsOf(name: string): string {
  return wordsByName.get(name) ?? name
}
