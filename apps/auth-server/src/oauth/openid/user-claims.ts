/** A user from the directory or from a session. */
export type ClaimedUser = {
  id: string
  username: string
  email: string
  verifiedAt: Date | string | null
}

/** The claims about a user that a granted scope allows (OpenID Connect Core §5.4). */
export function userClaims(
  { id, username, email, verifiedAt }: ClaimedUser,
  scope: string,
): Record<string, string | boolean> {
  const scopes = scope.split(' ')
  return {
    sub: id,
    ...(scopes.includes('profile') && { preferred_username: username, name: username }),
    ...(scopes.includes('email') && { email, email_verified: verifiedAt !== null }),
  }
}
