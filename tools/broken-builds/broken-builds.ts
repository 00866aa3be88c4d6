import type { BrokenBuild } from './broken-build.ts'
import { accountBuilds } from './builds/accounts.ts'
import { mailBuilds } from './builds/mail.ts'
import { openSignUpBuilds } from './builds/open-sign-up.ts'
import { openidBuilds } from './builds/openid.ts'
import { serverBuilds } from './builds/servers.ts'
import { sessionStorageBuilds } from './builds/session-storage.ts'
import { sessionBuilds } from './builds/sessions.ts'
import { signInBuilds } from './builds/sign-in.ts'
import { tokenBuilds } from './builds/tokens.ts'

/** Plausible mistakes, one at a time, by topic. */
export const brokenBuilds: Record<string, BrokenBuild[]> = {
  servers: serverBuilds,
  sessions: sessionBuilds,
  'session-storage': sessionStorageBuilds,
  'sign-in': signInBuilds,
  accounts: accountBuilds,
  'open-sign-up': openSignUpBuilds,
  tokens: tokenBuilds,
  openid: openidBuilds,
  mail: mailBuilds,
}
