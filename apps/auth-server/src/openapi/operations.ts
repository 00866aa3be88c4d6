import { joinAlternatives } from './join-alternatives.ts'
import { accountOperations } from '../accounts/settings/account.openapi.ts'
import { activityOperations } from '../accounts/settings/activity.openapi.ts'
import { adminOperations } from '../admin/admin.openapi.ts'
import { authorizeOperations } from '../oauth/authorize/authorize.openapi.ts'
import { clientOperations } from '../oauth/clients/clients.openapi.ts'
import { confirmationOperations } from '../accounts/sign-up/confirmation.openapi.ts'
import { invitationOperations } from '../accounts/invitations/invitations.openapi.ts'
import { mailRequestOperations } from '../accounts/mail-requests/mail-requests.openapi.ts'
import { notMeOperations } from '../accounts/recovery/not-me.openapi.ts'
import { passwordResetOperations } from '../accounts/recovery/password-reset.openapi.ts'
import { passkeyOperations } from '../sign-in/passkeys/passkeys.openapi.ts'
import { securityOperations } from '../accounts/settings/security/security.openapi.ts'
import { sessionOperations } from '../sessions/sessions.openapi.ts'
import { signInOperations } from '../sign-in/sign-in.openapi.ts'
import { signOutOperations } from '../sessions/sign-out.openapi.ts'
import { signUpOperations } from '../accounts/sign-up/sign-up.openapi.ts'
import { logoutOperations } from '../oauth/logout/logout.openapi.ts'
import { openIdOperations } from '../oauth/openid/openid.openapi.ts'
import { tokenOperations } from '../oauth/tokens/tokens.openapi.ts'
import type { Operation } from '../http/operation.ts'
import { serverOperations } from './server-operations.ts'

/** Every route of the server. */
export const operations: readonly Operation[] = joinAlternatives([
  ...signInOperations,
  ...passkeyOperations,
  ...signOutOperations,
  ...sessionOperations,
  ...accountOperations,
  ...securityOperations,
  ...activityOperations,
  ...invitationOperations,
  ...signUpOperations,
  ...confirmationOperations,
  ...mailRequestOperations,
  ...passwordResetOperations,
  ...notMeOperations,
  ...authorizeOperations,
  ...tokenOperations,
  ...openIdOperations,
  ...logoutOperations,
  ...clientOperations,
  ...adminOperations,
  ...serverOperations,
])
