import { readSignUpBudget } from '../../accounts/reservations/sign-up-budget.ts'
import type { CliContext } from '../cli-context.ts'
import type { Finding } from './compare-servers.ts'

/** A warning if sign-ups without an invite are refused, or are about to be. */
export async function checkSignUp(cli: Pick<CliContext, 'config' | 'redis'>): Promise<Finding[]> {
  const { signUp, signUpMailsPerHour: budget } = cli.config()
  if (signUp.by === 'invite') return []
  const spent = await readSignUpBudget({ redis: await cli.redis(), keyPrefix: '' })
  if (!spent || spent.used * 2 < budget) return []
  const minutes = Math.max(1, Math.ceil(spent.endsInMs / 60_000))
  return [
    {
      kind: 'warning',
      what: 'sign-up',
      detail: `${spent.used} of ${budget} e-mails of this hour are used, and sign-ups without an invite need a proof of work or are refused. The hour ends in ${minutes} min.`,
      advice:
        'If these are real people, raise SIGN_UP_MAILS_PER_HOUR. Otherwise set SIGN_UP=invite until it is over.',
    },
  ]
}
