import { empty, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { logoutInput } from './logout-request.ts'

const logoutProblems = { 400: ['invalid_request', 'unknown_client', 'unknown_redirect_uri'] }

/** The routes of RP-Initiated Logout. */
export const logoutOperations: Operation[] = [
  {
    method: 'get',
    path: paths.endSession,
    summary: 'Sign out at a client’s request (RP-Initiated Logout 1.0), after a confirmation page.',
    tag: 'Tokens',
    access: 'anybody',
    query: logoutInput,
    answers: { 200: page('A page that asks for confirmation, or says that nobody is signed in.') },
    problems: logoutProblems,
  },
  {
    method: 'post',
    path: paths.endSession,
    summary: 'The same, posted by a form of the client.',
    tag: 'Tokens',
    access: 'anybody',
    body: logoutInput,
    form: true,
    answers: { 303: empty('To the same address, with the fields as its query.') },
  },
  {
    method: 'post',
    path: paths.confirmEndSession,
    summary: 'End the session and its tokens, and notify the client sites.',
    tag: 'Tokens',
    access: 'anybody',
    body: logoutInput,
    form: true,
    answers: {
      200: page('A page that confirms the sign-out and then opens the client’s address.'),
    },
    problems: logoutProblems,
  },
]
