import { unavailable } from 'service-kit'
import { Agent, fetch, type Response } from 'undici'
import { z } from 'zod'
import { directoryFields, type DirectoryUser, type UserDirectory } from '../user-directory.ts'

/** The URL of the user service, ending with a slash, and the bearer token for it. */
type UserService = { url: URL; token: string | undefined }

type Route = 'find-by-login' | 'find-by-id' | 'check-password'
type Ask = (route: Route, question: Record<string, string>) => Promise<DirectoryUser | null>

/** From the request to the end of the answer, including the wait for a free connection. */
const DEADLINE_MS = 1_500
/** Requests wait for a free connection, so that a slow service is not overwhelmed. */
const CONNECTIONS = 20
const LARGEST_ANSWER = 64 * 1024

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable()

const answerSchema = z.object({
  user: z.object(directoryFields(moment)).nullable(),
})

/**
 * Opens keep-alive connections to the user service. No redirect is followed: passwords and the
 * token go to the configured address and nowhere else.
 *
 * @returns a function that asks the service; it throws Problem 503 `temporarily_unavailable` unless
 *   a valid answer arrives in time
 */
function openUserService({ url, token }: UserService): Ask {
  const dispatcher = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: DEADLINE_MS },
    maxResponseSize: LARGEST_ANSWER,
  })
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  return async (route, question) => {
    try {
      const response = await fetch(new URL(route, url), {
        method: 'POST',
        headers,
        body: JSON.stringify(question),
        redirect: 'error',
        dispatcher,
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      return await readAnswer(response)
    } catch (error) {
      throw unavailable(new Error(`The user service did not answer ${route}.`, { cause: error }))
    }
  }
}

async function readAnswer(response: Response): Promise<DirectoryUser | null> {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`Its status was ${response.status}, not 200.`)
  const answer = answerSchema.safeParse(parseJson(text))
  if (!answer.success) throw new Error(`Its answer is invalid at: ${placesOf(answer.error)}.`)
  return answer.data.user
}

// The parser's error quotes the text, which may repeat the password that was sent.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('Its answer is not JSON.')
  }
}

function placesOf({ issues }: z.ZodError): string {
  return issues.map(({ path }) => path.join('.') || 'the top level').join(', ')
}

/** The users of a user service; docs/user-directory.md describes its protocol. */
export function httpUserDirectory(service: UserService): UserDirectory {
  const ask = openUserService(service)
  return {
    findByLogin: (login) => ask('find-by-login', { login }),
    async findById(id) {
      const user = await ask('find-by-id', { id })
      // If the service mixes up answers, tokens and sessions must not go to somebody else.
      if (user && user.id !== id)
        throw unavailable(new Error('The user service answered about another user.'))
      return user
    },
    checkPassword: (credentials) => ask('check-password', credentials),
  }
}
