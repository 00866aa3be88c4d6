import { noticeText } from '../http/pages/notices.ts'
import type { RenderForm } from '../http/pages/show-form.ts'
import { textOf } from '../http/read-input.ts'
import { returnAddress } from './return-to.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { signInPage } from './sign-in.page.ts'

export type Destinations = {
  /** The name of the site that a URL leads to; undefined for a URL here. */
  destinationOf: (returnTo: string) => Promise<string | undefined>
}

/** Renders the sign-in form of a request. */
export function renderSignIn(deps: SignInDeps, { destinationOf }: Destinations): RenderForm {
  return async function renderSignIn({ code, error, fields }, req) {
    const returnTo = returnAddress(deps, req)
    return signInPage(deps.site, {
      username: textOf(req.body, 'username'),
      returnTo,
      destination: await destinationOf(returnTo),
      notice: noticeText(deps.site, req.query.notice),
      error,
      isLimited: code === 'too_many_attempts',
      fields,
    })
  }
}
