/** A mutant that may live, because nothing can notice it. */
export type Accepted = {
  file: string
  /** The line that it changes. */
  code: string
  change: string
  because: string
}

export const accepted: Accepted[] = [
  {
    file: 'apps/auth-server/src/accounts/links/link-page.ts',
    code: "const isAboutLink = error instanceof Problem && error.code === 'invalid_or_expired_token'",
    change:
      "error instanceof Problem && error.code === 'invalid_or_expired_token' → error.code === 'invalid_or_expired_token'",
    because: 'Only a Problem has this code. The first half is for the types.',
  },
  {
    file: 'packages/auth-kit/src/guard/arrive-from-elsewhere.ts',
    code: 'if (!req.originalUrl.endsWith(MARKER)) return false',
    change: '!req.originalUrl.endsWith(MARKER) → false',
    because: 'A shortcut: the next line compares the end again, after more work.',
  },
]
