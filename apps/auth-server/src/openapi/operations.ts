import { accountOperations } from '../account/account.openapi.ts'
import { activityOperations } from '../account/activity.openapi.ts'
import { adminOperations } from '../admin/admin.openapi.ts'
import { authorizeOperations } from '../authorize/authorize.openapi.ts'
import { clientOperations } from '../clients/clients.openapi.ts'
import { confirmationOperations } from '../confirmation/confirmation.openapi.ts'
import { invitationOperations } from '../invitations/invitations.openapi.ts'
import { mailRequestOperations } from '../mail-requests/mail-requests.openapi.ts'
import { notMeOperations } from '../not-me/not-me.openapi.ts'
import { passwordResetOperations } from '../password-reset/password-reset.openapi.ts'
import { sessionOperations } from '../sessions/sessions.openapi.ts'
import { signInOperations } from '../sign-in/sign-in.openapi.ts'
import { signOutOperations } from '../sign-out/sign-out.openapi.ts'
import { signUpOperations } from '../sign-up/sign-up.openapi.ts'
import { tokenOperations } from '../tokens/tokens.openapi.ts'
import type { Operation } from './operation.ts'
import { serverOperations } from './server-operations.ts'

/** Every route of the server. */
export const operations: readonly Operation[] = [
  ...signInOperations,
  ...signOutOperations,
  ...sessionOperations,
  ...accountOperations,
  ...activityOperations,
  ...invitationOperations,
  ...signUpOperations,
  ...confirmationOperations,
  ...mailRequestOperations,
  ...passwordResetOperations,
  ...notMeOperations,
  ...authorizeOperations,
  ...tokenOperations,
  ...clientOperations,
  ...adminOperations,
  ...serverOperations,
]
