import express, { type Request } from 'express'
import { accountPage } from '../../apps/auth-server/src/accounts/settings/account.page.ts'
import { activityPage } from '../../apps/auth-server/src/accounts/settings/activity.page.ts'
import {
  renderChangeEmail,
  renderChangePassword,
  renderDeleteAccount,
} from '../../apps/auth-server/src/accounts/settings/change-forms.page.ts'
import { factorsPage } from '../../apps/auth-server/src/accounts/settings/security/factors.page.ts'
import { recoveryCodesPage } from '../../apps/auth-server/src/accounts/settings/security/recovery-codes.page.ts'
import { totpPage } from '../../apps/auth-server/src/accounts/settings/security/totp.page.ts'
import { mailRequestPage } from '../../apps/auth-server/src/accounts/mail-requests/mail-request.page.ts'
import { resetPasswordPage } from '../../apps/auth-server/src/accounts/recovery/reset-password.page.ts'
import { signUpPage } from '../../apps/auth-server/src/accounts/sign-up/sign-up.page.ts'
import { errorPage } from '../../apps/auth-server/src/http/pages/error.page.ts'
import {
  renderLinkAction,
  renderMessage,
  type Site,
} from '../../apps/auth-server/src/http/pages/render-page.ts'
import { sessionsPage } from '../../apps/auth-server/src/sessions/sessions.page.ts'
import { signOutPage } from '../../apps/auth-server/src/sessions/sign-out.page.ts'
import { reauthenticatePage } from '../../apps/auth-server/src/sign-in/reauthenticate.page.ts'
import { secondFactorPage } from '../../apps/auth-server/src/sign-in/second-factor/second-factor.page.ts'
import { signInPage } from '../../apps/auth-server/src/sign-in/sign-in.page.ts'
import { qrSvg } from '../../apps/auth-server/src/sign-in/totp/totp.ts'
import { adminGallery } from './admin-gallery.ts'

const minute = 60_000
const now = Date.now()
const ago = (minutes: number) => new Date(now - minutes * minute)
const minLength = 15
const path = '/'

/** Every page of auth-server in the states that people meet, as HTML by name. */
export async function gallery(site: Site): Promise<Record<string, string>> {
  return {
    ...signInGallery(site),
    ...signUpGallery(site),
    ...(await accountGallery(site)),
    ...messageGallery(site),
    ...adminGallery(site),
  }
}

function signInGallery(site: Site): Record<string, string> {
  const wrong = 'Wrong user name or password.'
  return {
    'sign-in': signInPage(site, {}),
    'sign-in-to-shop': signInPage(site, { returnTo: 'https://shop.example/dashboard' }),
    'sign-in-wrong': signInPage(site, { username: 'ada', error: wrong }),
    'sign-in-limited': signInPage(site, {
      username: 'ada',
      error: 'Too many attempts. Try again in 14 minutes.',
      isLimited: true,
    }),
    'sign-in-empty': signInPage(site, { fields: { username: 'Enter your user name.' } }),
    'sign-in-notice': signInPage(site, { notice: 'Your account is confirmed. Sign in.' }),
    'second-factor': secondFactorPage(site, {
      factors: ['passkey', 'totp', 'recovery_code'],
      returnTo: '',
      error: '',
      fields: {},
    }),
    reauthenticate: reauthenticatePage(site, { username: 'ada' }),
    'sign-out': signOutPage(site, { username: 'ada' }),
  }
}

function signUpGallery(site: Site): Record<string, string> {
  const form = { invite: 'token', email: 'ada@example.com', minLength }
  return {
    'sign-up': signUpPage(site, form),
    'sign-up-taken': signUpPage(site, {
      ...form,
      username: 'ada',
      fields: { username: 'This user name is taken. Please choose another one.' },
    }),
    'sign-up-wrong': signUpPage(site, {
      ...form,
      username: 'ada',
      fields: {
        username: 'This user name is taken. Please choose another one.',
        password:
          'Use at least 15 characters: a few words together are easy to remember.\nMany people use this password: choose another one.',
      },
    }),
    'forgot-password': mailRequestPage(site, {
      title: 'Forgot your password?',
      lead: 'Enter your e-mail address and we’ll send you a link to reset your password.',
      path,
      button: 'Send me a link',
    }),
    'reset-password': resetPasswordPage(site, { token: 'token', username: 'ada', minLength }),
    'reset-password-wrong': resetPasswordPage(site, {
      token: 'token',
      username: 'ada',
      minLength,
      fields: {
        password: 'Use at least 15 characters.\nMany people use this password: choose another one.',
      },
    }),
    'confirm-account': renderLinkAction(site, {
      title: 'Confirm your account',
      lead: 'Confirm your e-mail address to sign in.',
      path,
      token: 'token',
      button: 'Confirm my account',
    }),
    'check-your-mail': renderMessage(site, {
      title: 'Check your e-mail',
      lead: 'We sent you a mail with a link that completes your sign-up.',
      text: 'Not there after a few minutes? Check your spam folder.',
    }),
  }
}

function passkey(name: string, lastUsedAt: Date | null) {
  return { id: name, name, createdAt: ago(60 * 24 * 40), lastUsedAt, backedUp: true }
}

async function accountGallery(site: Site): Promise<Record<string, string>> {
  const user = {
    username: 'ada',
    email: 'ada@example.com',
    roles: ['admin'],
    verifiedAt: ago(60 * 24 * 30).toISOString(),
  }
  const times = { signedInAt: ago(12), expiresAt: ago(-60 * 24 * 14) }
  const request: Request = Object.assign(Object.create(express.request), { user, body: {} })
  const nothing = { code: '', error: '', fields: {} }
  const uri = 'otpauth://totp/Latchkey:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Latchkey'
  return {
    account: accountPage(site, { user, ...times }),
    'account-new-email': accountPage(site, { user, pendingEmail: 'ada@new.example', ...times }),
    'account-notice': accountPage(site, { user, ...times, notice: 'Password changed.' }),
    sessions: sessionsPage(site, { sessions: sessions() }),
    activity: activityPage(site, { events: events(), next: 'older', isFirst: true }),
    factors: factorsPage(site, {
      totp: { confirmedAt: ago(60 * 24 * 3) },
      passkeys: [passkey('My phone', ago(60)), passkey('Security key', null)],
      recoveryCodes: { left: 8 },
      required: false,
      isPending: false,
      device: 'Chrome on Linux',
      notice: '',
      error: '',
    }),
    totp: totpPage(site, {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri,
      qr: await qrSvg(uri),
      error: '',
      fields: {},
    }),
    'recovery-codes': recoveryCodesPage(site, {
      codes: Array.from({ length: 10 }, (_, at) => `k3f${at}-9dqx-7mnp`),
    }),
    'change-password': await renderChangePassword(site, { minLength })(nothing, request),
    'change-email': await renderChangeEmail(site)(nothing, request),
    'delete-account': await renderDeleteAccount(site)(
      { ...nothing, fields: { password: 'Wrong password.' } },
      request,
    ),
  }
}

function sessions() {
  const chrome = { id: 'a', device: 'Chrome on Linux', address: '203.0.113.7', current: true }
  const phone = { id: 'b', device: 'Safari on iOS', address: '2001:db8::1f', current: false }
  const shop = { id: 'c', device: 'Shop, Firefox on Windows', address: null, current: false }
  return [
    { ...chrome, signedInAt: ago(12), lastUsedAt: ago(0) },
    { ...phone, signedInAt: ago(60 * 50), lastUsedAt: ago(60 * 3) },
    { ...shop, signedInAt: ago(60 * 24 * 20), lastUsedAt: null },
  ]
}

function events() {
  const event = {
    outcome: 'success' as const,
    address: '203.0.113.7',
    device: 'Chrome on Linux',
    client: null,
    byAdmin: false,
  }
  return [
    { ...event, id: '1', at: ago(12), event: 'signed_in', words: 'Signed in' },
    {
      ...event,
      id: '2',
      at: ago(60),
      event: 'sign_in_failed',
      words: 'Sign-in refused',
      outcome: 'failure' as const,
    },
    {
      ...event,
      id: '3',
      at: ago(60 * 30),
      event: 'tokens_given',
      words: 'A client site was signed in to',
      client: 'Shop',
    },
    {
      ...event,
      id: '4',
      at: ago(60 * 24 * 40),
      event: 'roles_changed',
      words: 'Roles changed',
      byAdmin: true,
      address: null,
      device: null,
    },
  ]
}

function messageGallery(site: Site): Record<string, string> {
  const link = 'This link has expired or was used already.'
  const away = 'This cannot be done at the moment. Please try again shortly.'
  return {
    'bad-link': renderMessage(site, {
      title: 'This link does not work any more',
      lead: link,
      text: 'Ask for a new one.',
      failed: true,
      action: { label: 'Get a new link', href: '/forgot_password' },
      contact: true,
    }),
    'error-404': errorPage(site, {
      status: 404,
      code: 'not_found',
      detail: 'There is nothing at this address.',
    }),
    'error-403': errorPage(site, {
      status: 403,
      code: 'forbidden',
      detail: 'You may not do this.',
    }),
    'used-invite': renderMessage(site, {
      title: 'This invitation was already used',
      lead: 'If you used it, sign in. Otherwise, ask the person who invited you for a new one.',
      failed: true,
      action: { label: 'Sign in', href: '/login' },
      contact: true,
      reference: { code: 'invite_used_or_expired', status: 410 },
    }),
    'error-429': errorPage(site, {
      status: 429,
      code: 'too_many_attempts',
      detail: 'Too many attempts. Try again in 14 minutes.',
    }),
    'error-503': errorPage(site, {
      status: 503,
      code: 'temporarily_unavailable',
      detail: away,
    }),
  }
}
