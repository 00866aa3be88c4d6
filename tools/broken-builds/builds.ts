/* oxlint-disable max-lines -- one table, one entry per promise */
/** A build that breaks a promise on purpose, and the tests that have to notice it. */
export type BrokenBuild = {
  /** The promise. A test with this id in its title has to fail. */
  id: string
  what: string
  edits: { file: string; find: string; replace: string }[]
  /** Arguments for jest. */
  tests: string[]
}

const kit = 'packages/auth-kit/src'
const server = 'apps/auth-server/src'

/** Plausible mistakes, one at a time. */
export const brokenBuilds: BrokenBuild[] = [
  {
    id: 'R25',
    what: 'an open WebSocket outlives its session',
    edits: [
      {
        file: `${kit}/session/session-ends.ts`,
        find: '    for (const callback of callbacks) queueMicrotask(callback)\n',
        replace: '',
      },
    ],
    tests: [`${kit}/session-ends.test.ts`],
  },
  {
    id: 'R24',
    what: 'the age that an app sets on the cookie counts only in the browser',
    edits: [
      {
        file: `${kit}/session/session-limits.ts`,
        find: "typeof age === 'number' ? Math.max(1, Math.min(Math.floor(age), longest)) : longest",
        replace: 'age === undefined ? longest : longest',
      },
    ],
    tests: [`${kit}/session/cookie-age.test.ts`],
  },
  {
    id: 'R71',
    what: 'a one-time code is accepted twice',
    edits: [
      {
        file: `${server}/sign-in/totp/totp.ts`,
        find: 'return result.timeStep > lastStep ? result.timeStep : undefined',
        replace: 'return lastStep === undefined ? undefined : result.timeStep',
      },
    ],
    tests: [`${server}/sign-in/totp/totp.test.ts`],
  },
  {
    id: 'R79',
    what: 'a passkey signs in alone without verifying its user',
    edits: [
      {
        file: `${server}/sign-in/passkeys/verify-passkey.ts`,
        find: 'requireUserVerification: mustVerifyUser,',
        replace: 'requireUserVerification: false && mustVerifyUser,',
      },
    ],
    tests: [`${server}/sign-in/passkeys/passkeys.test.ts`],
  },
  {
    id: 'R73',
    what: 'the step between password and code is honoured after a reset',
    edits: [
      {
        file: `${server}/sign-in/second-factor/pending-sign-in.ts`,
        find: '  if ((await store.readEpoch(userId)) !== epoch) return null\n',
        replace: '  if (epoch === undefined) await store.readEpoch(userId)\n',
      },
      {
        file: `${server}/sessions/start-session.ts`,
        find: '    if ((await deps.store.readEpoch(user.id)) !== epoch) throw signInOvertaken()\n',
        replace: '    if (epoch === undefined) throw signInOvertaken()\n',
      },
    ],
    tests: [`${server}/sign-in/second-factor/second-factor.test.ts`],
  },
  {
    id: 'R67',
    what: 'a session that changes its user keeps the sign-in of the first',
    edits: [
      {
        file: `${kit}/session/one-user.ts`,
        find: '  if (!user || earlierId === undefined || earlierId === user.id) return\n',
        replace: '  if (user) return\n',
      },
    ],
    tests: [`${kit}/session/another-user.test.ts`],
  },
  {
    id: 'R66',
    what: 'an answer that waits for its session does not count as sent',
    edits: [
      {
        file: `${kit}/session/hold-answer.ts`,
        find: "  if (isHead) Reflect.set(res, '_header', 'held')\n",
        replace: '',
      },
    ],
    tests: [`${kit}/session/first-answer.test.ts`],
  },
  {
    id: 'C1',
    what: 'sessions are stored with a plain SET',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'redis.eval(UPDATE, 2, ...keys(id), ...args)',
        replace: 'redis.set(keys(id)[0], json).then(() => (args ? 1 : 0))',
      },
    ],
    tests: [`${kit}/sign-out-is-final.test.ts`],
  },
  {
    id: 'N2',
    what: 'sessions are stored with a plain SET, and an end leaves no trace',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'redis.eval(UPDATE, 2, ...keys(id), ...args)',
        replace: 'redis.set(keys(id)[0], json).then(() => (args ? 1 : 0))',
      },
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: "  redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])\n",
        replace: '',
      },
    ],
    tests: [`${kit}/sign-out-is-final.test.ts`],
  },
  {
    id: 'F5',
    what: 'the end of a session is not counted',
    edits: [
      {
        file: `${kit}/redis/end-counts.ts`,
        find: "redis.call('HINCRBY', key, 'count', 1)",
        replace: '0',
      },
    ],
    tests: [`${kit}/redis-restored.test.ts`],
  },
  {
    id: 'F6',
    what: 'visitors may fill Redis to its last byte',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'most == 0 or used < most * 0.9',
        replace: 'true',
      },
    ],
    tests: [`${kit}/session/visitors.test.ts`],
  },
  {
    id: 'R18',
    what: 'an end of all sessions ends only those in the index',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: '    await this.#epochs.start(userId, spared)\n',
        replace: '    void spared\n',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'R18',
    what: 'an end of all sessions reads every session in Redis before it answers',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: 'this.completeEnds().catch(() => undefined)',
        replace: 'await this.completeEnds()',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'R26',
    what: 'a session of a stock app is adopted while it is searched for',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: 'user && (await this.#index.isSearchDue(user.id))',
        replace: 'user === undefined',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'N2',
    what: 'the session cache ignores changes that Redis reports',
    edits: [
      {
        file: `${kit}/redis/coherent-sessions.ts`,
        find: '    else sessions.evict(what.sessionId)\n',
        replace: '',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'C28',
    what: 'a session that changed while it was read is kept in memory',
    edits: [
      {
        file: `${kit}/redis/tracked-values.ts`,
        find: 'if (reading && isCurrent()) keep',
        replace: 'if (reading) keep',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'F3',
    what: 'the session cache stays full when changes can no longer be reported',
    edits: [
      {
        file: `${kit}/redis/coherent-sessions.ts`,
        find: '      sessions.clear()\n',
        replace: '',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'F4',
    what: 'a silent connection is trusted to report changes',
    edits: [
      {
        file: `${kit}/redis/tracking-link.ts`,
        find: 'const TRUST_MS = 1000',
        replace: 'const TRUST_MS = 1_000_000',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'R24',
    what: 'a session in memory outlives its end in Redis',
    edits: [
      {
        file: `${kit}/redis/tracked-values.ts`,
        find: ' || entry.endsAt <= performance.now()',
        replace: '',
      },
    ],
    tests: [`${kit}/hot-session.test.ts`],
  },
  {
    id: 'N1',
    what: 'an e-mail counts as sent before RabbitMQ has confirmed it',
    edits: [
      {
        file: `${server}/mail/open-mail-transport.ts`,
        find: 'await broker.publish(names.mail, { id: message.id, body })',
        replace: 'void broker.publish(names.mail, { id: message.id, body }).catch(() => undefined)',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'F10',
    what: 'the outbox is emptied before its e-mail is handed over',
    edits: [
      {
        file: `${server}/mail/relay.ts`,
        find: '    await deps.send(deps.compose(mail.entry, mail.owner), record)\n',
        replace:
          '    await record()\n    await deps.send(deps.compose(mail.entry, mail.owner), record)\n',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'F13',
    what: 'no server sends the e-mails that a dead one left',
    edits: [
      {
        file: `${server}/mail/relay.ts`,
        find: 'const LEASE_MS = 25_000',
        replace: 'const LEASE_MS = 25_000_000',
      },
    ],
    tests: [`${server}/mail/relay.test.ts`],
  },
  {
    id: 'C30',
    what: 'the worker sends e-mails that it has already sent',
    edits: [
      {
        file: 'apps/mail-worker/src/mail-records.ts',
        find: "if sent then return {'sent', 0} end\n",
        replace: '',
      },
      {
        file: 'apps/mail-worker/src/mail-records.ts',
        find: "if ends and tonumber(ends) > now then return {'busy', 0} end\n",
        replace: '',
      },
    ],
    tests: ['apps/mail-worker/src/send-mail.test.ts'],
  },
  {
    id: 'C27',
    what: 'the relay waits for a confirm forever',
    edits: [
      {
        file: 'packages/mail-delivery/src/queues/connect-queues.ts',
        find: 'await withinDeadline(publisher.send(envelope, body), deadlineMs)',
        replace: 'await publisher.send(envelope, body)',
      },
    ],
    tests: [`${server}/mail/open-mail-transport.test.ts`],
  },
  {
    id: 'R45',
    what: 'two users may claim one invite',
    edits: [
      {
        file: `${server}/users/user.model.ts`,
        find: 'schema.index({ invite: 1 }, { unique: true })',
        replace: 'schema.index({ invite: 1 })',
      },
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: "'usernameKey', 'emailKey', 'invite'",
        replace: "'usernameKey', 'emailKey'",
      },
    ],
    tests: [`${server}/accounts/sign-up/racing-sign-ups.test.ts`],
  },
  {
    id: 'F9',
    what: 'the server listens without checking its unique indexes',
    edits: [
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: 'if (!found) throw',
        replace: 'if (fields.length === 0) throw',
      },
    ],
    tests: [`${server}/wiring/ensure-indexes.test.ts`],
  },
  {
    id: 'R9',
    what: 'no password is hashed for a user that does not exist',
    edits: [
      {
        file: `${server}/users/check-password.ts`,
        find: '    await compareDigest(digest, dummyHash(cost))\n    return false',
        replace: '    return false',
      },
    ],
    tests: [`${server}/sign-in/equal-work.test.ts`],
  },
  {
    id: 'R15',
    what: 'a reset link is not signed over the password that it changes',
    edits: [
      {
        file: `${server}/accounts/links/link-purposes.ts`,
        find: 'state: (user) => [emailKey(user), user.passwordHash]',
        replace: 'state: (user) => [emailKey(user)]',
      },
    ],
    tests: [`${server}/accounts/recovery/password-reset.test.ts`],
  },
  {
    id: 'R18',
    what: 'a reset leaves earlier sessions alive',
    edits: [
      {
        file: `${server}/accounts/recovery/reset-password.ts`,
        find: '  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })\n',
        replace: '',
      },
    ],
    tests: [`${server}/accounts/recovery/password-reset.test.ts`],
  },
  {
    id: 'N5',
    what: 'a rotation reads first and then increments',
    edits: [
      {
        file: `${server}/oauth/families/rotate-family.ts`,
        find: '    counter: family.counter,\n    rotatedAt: family.rotatedAt,\n    revokedAt: null,\n',
        replace: '',
      },
      {
        file: `${server}/oauth/families/rotate-present.ts`,
        find: '    counter,\n    clientId,\n',
        replace: '    clientId,\n',
      },
      {
        file: `${server}/oauth/families/write-rotation.ts`,
        find: '$set: { counter: attempt.counter, attemptedAt: attempt.now, attemptId },',
        replace: '$set: { attemptedAt: attempt.now, attemptId }, $inc: { counter: 1 },',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'N6',
    what: 'the second of two tabs is taken for a thief',
    edits: [
      {
        file: `${server}/oauth/families/rotate-family.ts`,
        find: "  if (isInTime) return 'given'\n",
        replace: '',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'R26',
    what: 'a refresh does not check whether its sign-in has ended',
    edits: [
      {
        file: `${server}/oauth/families/rotate-present.ts`,
        find: "  return (await isStillActive(deps, family)) ? family : 'ended'\n",
        replace: '  return family\n',
      },
    ],
    tests: [`${server}/oauth/tokens/sign-in-ends.test.ts`],
  },
  {
    id: 'R55',
    what: 'a client that was changed is remembered as it was',
    edits: [
      {
        file: `${server}/oauth/clients/client.model.ts`,
        find: '  clientMemory.forget(this.model)\n',
        replace: '',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh.test.ts`],
  },
  {
    id: 'R52',
    what: 'a reused token is refused, but its family lives on',
    edits: [
      {
        file: `${server}/oauth/tokens/refresh-tokens.ts`,
        find: "await endFamily(deps.families, token.id, 'reuse')",
        replace: 'token.id === undefined',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'R70',
    what: 'the Date header of an e-mail is an ISO 8601 string',
    edits: [
      {
        file: 'packages/mail-delivery/src/smtp/create-mailer.ts',
        find: 'date: new Date(at),',
        replace: 'date: at,',
      },
    ],
    tests: ['packages/mail-delivery/src/smtp/create-mailer.test.ts'],
  },
  {
    id: 'R32',
    what: 'a null origin passes on every route',
    edits: [
      {
        file: 'packages/service-kit/src/http/check-origin.ts',
        find: 'return isBareNull(req) && !bodyTokenPaths.includes(req.path)',
        replace: 'return false',
      },
    ],
    tests: ['packages/service-kit/src/http/check-origin.test.ts'],
  },
  {
    id: 'R4',
    what: 'only passwords on the list of common ones are refused',
    edits: [
      {
        file: `${server}/users/guessing/why-guessed.ts`,
        find: "  if (isListed(text)) return 'listed'\n",
        replace: "  if (text !== '') return isListed(text) ? 'listed' : undefined\n",
      },
    ],
    tests: [`${server}/users/guessing/why-guessed.test.ts`],
  },
  {
    id: 'R65',
    what: 'in production an address inside the network opens the metrics',
    edits: [
      {
        file: 'packages/service-kit/src/process/is-internal-request.ts',
        find: '(!tokenOnly && isInternalPeer(req)',
        replace: '(isInternalPeer(req)',
      },
    ],
    tests: ['packages/service-kit/src/process/is-internal-request.test.ts'],
  },
  {
    id: 'R80',
    what: 'id_tokens lose the nonce of the request',
    edits: [
      {
        file: `${server}/oauth/authorize/check-authorize-request.ts`,
        find: 'nonce: data.nonce ?? null,',
        replace: 'nonce: null,',
      },
    ],
    tests: [`${server}/oauth/openid/openid.test.ts`],
  },
  {
    id: 'R39',
    what: 'a redirect address is accepted if it starts with a registered one',
    edits: [
      {
        file: `${server}/oauth/authorize/find-redirect.ts`,
        find: 'if (known === given) return true',
        replace: 'if (given.startsWith(known)) return true',
      },
    ],
    tests: [`${server}/oauth/authorize/authorize.test.ts`],
  },
  {
    id: 'R83',
    what: 'a code challenge is not checked for a client that may omit it',
    edits: [
      {
        file: `${server}/oauth/tokens/exchange-code.ts`,
        find: '(code.challenge ?? null) === challenge',
        replace: '(challenge === null || code.challenge === challenge)',
      },
    ],
    tests: [`${server}/oauth/openid/client-kinds.test.ts`],
  },
  {
    id: 'R81',
    what: 'the end of a sign-in is announced to no site',
    edits: [
      {
        file: `${server}/sessions/end-sign-ins.ts`,
        find: 'logoutDueAt: now }',
        replace: 'logoutDueAt: null }',
      },
    ],
    tests: [`${server}/oauth/logout/logout.test.ts`],
  },
  {
    id: 'R82',
    what: 'the server posts to any address',
    edits: [
      {
        file: `${server}/http/outbound.ts`,
        find: "if (parsed.range() === 'unicast') return true",
        replace: 'if (allow.length === 0) return true',
      },
    ],
    tests: [`${server}/oauth/logout/logout.test.ts`],
  },
  {
    id: 'R85',
    what: 'no request checks whether its session has ended meanwhile',
    edits: [
      {
        file: `${server}/sessions/still-signed-in.ts`,
        find: 'if (!req.user || session?.passport?.user?.id !== req.user.id)',
        replace: 'if (!req.user || session === undefined)',
      },
    ],
    tests: [`${server}/sessions/ended-meanwhile.test.ts`],
  },
  {
    id: 'R85',
    what: 'a sign-out does not find the session that takes the place of its own',
    edits: [
      {
        file: `${server}/sessions/end-session.ts`,
        find: 'if (successor) await',
        replace: 'if (successor === undefined) await',
      },
    ],
    tests: [`${server}/sessions/renewal-races.test.ts`],
  },
  {
    id: 'R85',
    what: 'tokens are handed out whose sign-in, user or client has ended meanwhile',
    edits: [
      {
        file: `${server}/oauth/tokens/check-grant.ts`,
        find: 'if (!goesOn)',
        replace: 'if (goesOn === undefined)',
      },
    ],
    tests: [`${server}/oauth/tokens/ended-grants.test.ts`],
  },
  {
    id: 'R86',
    what: 'the record of a sign-in gives tokens to the current user of the session, whoever that is',
    edits: [
      {
        file: `${server}/sessions/sign-in-of-session.ts`,
        find: 'const isOwn = known.userId === user.id',
        replace: 'const isOwn = known.userId !== undefined',
      },
    ],
    tests: [`${server}/oauth/tokens/another-user.test.ts`],
  },
  {
    id: 'R68',
    what: 'failures of an end user’s address count only for the account',
    edits: [
      {
        file: `${server}/sign-in/attempts/attempt-budgets.ts`,
        find: '? !client.hasAddress',
        replace: '? true',
      },
    ],
    tests: [`${server}/oauth/tokens/end-user.test.ts`],
  },
  {
    id: 'R69',
    what: 'a browser stays known after the password has changed',
    edits: [
      {
        file: `${server}/sign-in/devices/device-cookie.ts`,
        find: '[id, user.id, day, ...since]',
        replace: '[id, user.id, day, ...since.slice(1)]',
      },
    ],
    tests: [`${server}/sign-in/devices/devices.test.ts`],
  },
  {
    id: 'R15',
    what: 'a "this was not me" link works again and again',
    edits: [
      {
        file: `${server}/accounts/recovery/read-not-me-link.ts`,
        find: '!link || isUsed ||',
        replace: '!link || (isUsed && token === undefined) ||',
      },
      {
        file: `${server}/accounts/recovery/force-password-reset.ts`,
        find: 'deletingAt: null, usedLinks: { $ne: link } }',
        replace: 'deletingAt: null }',
      },
    ],
    tests: [`${server}/accounts/recovery/not-me-once.test.ts`],
  },
  {
    id: 'R96',
    what: 'the link alone completes a sign-up without an invite',
    edits: [
      {
        file: `${server}/accounts/sign-up/complete-reservation.ts`,
        find: 'if (!(await compareDigest(digestPassword(password), passwordHash)))',
        replace: "if ((await compareDigest(digestPassword(password), passwordHash)) && id === '')",
      },
    ],
    tests: [`${server}/accounts/sign-up/confirm-open-sign-up.test.ts`],
  },
  {
    id: 'R97',
    what: 'a proof of work counts again and again',
    edits: [
      {
        file: `${server}/accounts/reservations/proof-of-work.ts`,
        find: "redis.set(key, '1', 'PX', LIFETIME_MS, 'NX')",
        replace: "redis.set(key, '1', 'PX', LIFETIME_MS)",
      },
    ],
    tests: [`${server}/accounts/sign-up/sign-up-budget.test.ts`],
  },
  {
    id: 'R98',
    what: 'two people may reserve one name',
    edits: [
      {
        file: `${server}/accounts/reservations/reservation.model.ts`,
        find: 'schema.index({ usernameKey: 1 }, { unique: true })',
        replace: 'schema.index({ usernameKey: 1 })',
      },
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: "await ensureUnique(reservations, ['usernameKey'])",
        replace: 'await reservations.createIndexes()',
      },
    ],
    tests: [`${server}/accounts/sign-up/racing-open-sign-ups.test.ts`],
  },
  {
    id: 'R98',
    what: 'an address that is reserved lets nobody else sign up with it',
    edits: [
      {
        file: `${server}/accounts/reservations/reservation.model.ts`,
        find: 'schema.index({ emailKey: 1 })',
        replace: 'schema.index({ emailKey: 1 }, { unique: true })',
      },
    ],
    tests: [`${server}/accounts/sign-up/confirm-open-sign-up.test.ts`],
  },
  {
    id: 'R9',
    what: 'an open sign-up looks up whether its address has an account',
    edits: [
      {
        file: `${server}/accounts/sign-up/sign-up-openly.ts`,
        find: '  await reserveAccount(deps.reservations, { username, email, passwordHash })\n',
        replace:
          '  if (await deps.users.exists({ emailKey: normalizeIdentity(email) })) return\n  await reserveAccount(deps.reservations, { username, email, passwordHash })\n',
      },
    ],
    tests: [`${server}/accounts/sign-up/open-sign-up.test.ts`],
  },
]
