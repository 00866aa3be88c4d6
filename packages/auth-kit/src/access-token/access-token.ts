/** What a verified access token says. */
export type AccessToken = {
  /** The user's id. */
  sub: string
  /** The client that the token was given to. */
  clientId: string
  /** What the token may be used for. */
  scope: readonly string[]
  /** The token's own id. */
  jti: string
  /** When it ends, to the second. */
  expiresAt: Date
  /** Everything that it says, by the names of RFC 9068. */
  claims: Readonly<Record<string, unknown>>
}
