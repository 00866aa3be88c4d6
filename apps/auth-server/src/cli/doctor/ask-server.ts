import { CliError } from '../cli-error.ts'
import { type DescribedServer, descriptionSchema } from './described-server.ts'

type Question = { url: string; nonce: string; metricsToken: string | undefined }

const PATIENCE_MS = 5_000

/**
 * Asks a running server to describe its sessions.
 *
 * @param question.url the server's URL, including its base path
 * @throws CliError if it does not answer or refuses
 */
export async function askServer({ url, nonce, metricsToken }: Question): Promise<DescribedServer> {
  const address = new URL('doctor', url.endsWith('/') ? url : `${url}/`)
  address.searchParams.set('nonce', nonce)
  const headers = new Headers(metricsToken ? { Authorization: `Bearer ${metricsToken}` } : {})
  const askedAt = Date.now()
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const answer = await fetch(address, { headers, signal, redirect: 'manual' }).catch(
    (cause: unknown) => {
      throw silent(
        `${url} does not answer. Check that it runs and that the address is right.`,
        cause,
      )
    },
  )
  const body: unknown = await answer.json().catch(() => undefined)
  const answeredAt = Date.now()
  const { data: description } = descriptionSchema.safeParse(body)
  if (!answer.ok || !description) throw silent(reasonFor(url, answer.status))
  const { now } = description
  return { name: url, description, clock: { atLeast: now - answeredAt, atMost: now - askedAt } }
}

function reasonFor(url: string, status: number): string {
  return [
    `${url} answers ${status} and does not describe its sessions.`,
    ...(status === 404
      ? [
          'If it is your own app, serve auth.describe(nonce) at /doctor, as the README of auth-kit shows.',
        ]
      : []),
    'If it is a server of Latchkey, it answers only inside its own network without a proxy, or with',
    'METRICS_TOKEN. Use its own address, including its BASE_PATH, or set METRICS_TOKEN in the environment.',
  ].join('\n')
}

function silent(message: string, cause?: unknown): CliError {
  return new CliError({ code: 'server_silent', message, cause })
}
