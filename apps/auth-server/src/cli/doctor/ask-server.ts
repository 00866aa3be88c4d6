import { CliError } from '../cli-error.ts'
import { type DescribedServer, descriptionSchema } from './described-server.ts'

type Question = { url: string; nonce: string; metricsToken: string | undefined }

const PATIENCE_MS = 5_000

/**
 * What a running server tells about its sessions.
 *
 * @param question.url where it answers, its base path included
 * @throws CliError if it does not tell
 */
export async function askServer({ url, nonce, metricsToken }: Question): Promise<DescribedServer> {
  const address = new URL('doctor', url.endsWith('/') ? url : `${url}/`)
  address.searchParams.set('nonce', nonce)
  const headers = new Headers(metricsToken ? { Authorization: `Bearer ${metricsToken}` } : {})
  const askedAt = Date.now()
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const answer = await fetch(address, { headers, signal, redirect: 'manual' }).catch(
    (cause: unknown) => {
      throw silent(`${url} does not answer. Look whether it runs, and at the address.`, cause)
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
    `${url} answers ${status} and does not tell about its sessions. It tells only inside its own`,
    'network, past every proxy, or to METRICS_TOKEN: ask it by its own address, its BASE_PATH included,',
    'or give METRICS_TOKEN in the environment. An older version does not tell at all.',
  ].join('\n')
}

function silent(message: string, cause?: unknown): CliError {
  return new CliError({ code: 'server_silent', message, cause })
}
