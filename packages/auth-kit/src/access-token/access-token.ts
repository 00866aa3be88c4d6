/** What a verified access token says. */
export type AccessToken = {
  /** The user's id. */
  sub: string
  /** The client that the token was issued to. */
  clientId: string
  /** What the token may be used for. */
  scope: readonly string[]
  /** The token's own id. */
  jti: string
  /** When the token expires, to the second. */
  expiresAt: Date
  /** All claims, under their RFC 9068 names. */
  claims: Readonly<Record<string, unknown>>
}
