import { z } from 'zod'
import { json, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import {
  accessTokenSchema,
  introspectionSchema,
  tokenPairSchema,
  verificationSchema,
} from './token-answers.ts'
import {
  audienceInput,
  clientSignInInput,
  codeInput,
  machineInput,
  refreshInput,
  tokenInput,
} from './token-input.ts'

const tag = 'Tokens'
const pair = json('A new access token and the next refresh token.', tokenPairSchema)
const clientProblems = { 401: ['invalid_client'] }
const grantProblems = {
  ...clientProblems,
  400: ['invalid_request', 'invalid_grant', 'invalid_scope', 'invalid_target'],
}

/** The endpoints that clients call, and tokens from a session. */
export const tokenOperations: Operation[] = [
  {
    method: 'post',
    path: paths.signIn,
    summary: 'With the id and secret of a first-party client it gives a pair of tokens instead.',
    tag,
    access: 'anybody',
    body: clientSignInInput,
    form: true,
    answers: { 200: pair },
    problems: {
      400: ['invalid_scope', 'invalid_target', 'invalid_request'],
      401: ['invalid_credentials', 'invalid_client', 'second_factor_required', 'invalid_code'],
      403: ['not_confirmed', 'account_suspended', 'enrolment_required', 'passkey_needed'],
      409: ['sign_in_overtaken'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
  {
    method: 'post',
    path: paths.token,
    summary: 'The token endpoint (RFC 6749). It exchanges a code or a refresh token for a pair.',
    tag,
    access: 'client',
    body: z.union([
      codeInput.extend({ grant_type: z.literal('authorization_code') }),
      refreshInput.extend({ grant_type: z.literal('refresh_token') }),
      machineInput.extend({ grant_type: z.literal('client_credentials') }),
    ]),
    form: true,
    answers: { 200: pair },
    problems: {
      ...grantProblems,
      400: [...grantProblems[400], 'unsupported_grant_type', 'unauthorized_client'],
    },
  },
  {
    method: 'post',
    path: paths.refresh,
    summary: 'The next pair. A refresh token that was already used ends its whole family.',
    tag,
    access: 'client',
    body: refreshInput,
    form: true,
    answers: { 200: pair },
    problems: grantProblems,
  },
  {
    method: 'post',
    path: paths.revoke,
    summary: 'End the family that a token belongs to (RFC 7009).',
    tag,
    access: 'client',
    body: tokenInput,
    form: true,
    answers: { 200: json('The family has ended, or the token is unknown.', z.object({})) },
    problems: { ...clientProblems, 400: ['invalid_request', 'invalid_grant'] },
  },
  {
    method: 'post',
    path: paths.verify,
    summary: 'Whether an access token is active for this resource server, and the reason if not.',
    tag,
    access: 'resource server',
    body: tokenInput,
    form: true,
    answers: { 200: json('The state of the token.', verificationSchema) },
    problems: { ...clientProblems, 400: ['invalid_request'] },
  },
  {
    method: 'post',
    path: paths.introspect,
    summary: 'The same, strictly as in RFC 7662.',
    tag,
    access: 'resource server',
    body: tokenInput,
    form: true,
    answers: { 200: json('The state of the token.', introspectionSchema) },
    problems: { ...clientProblems, 400: ['invalid_request'] },
  },
  {
    method: 'post',
    path: paths.tokens,
    summary: 'An access token for a resource server, from a session.',
    tag,
    access: 'session',
    body: audienceInput,
    answers: { 200: json('The token.', accessTokenSchema) },
    problems: { 401: ['reauthentication_required'], 403: ['account_suspended'] },
  },
]
