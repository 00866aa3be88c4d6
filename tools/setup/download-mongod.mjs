import { runQuietly } from './run-quietly.mjs'

const msToAnswer = 5_000

/**
 * The path of mongodb-memory-server's mongod, downloaded if necessary. Throws with the reason if it cannot
 * be downloaded or does not run on this system. Also runs on Node 20.
 */
export async function downloadMongod(env) {
  const { DryMongoBinary, MongoBinary } = await import('mongodb-memory-server-core')
  const options = await DryMongoBinary.generateOptions()
  const here = await DryMongoBinary.locateBinary(options)
  if (here === undefined) await checkMirror(env, options)
  const program = here ?? (await MongoBinary.getPath())
  await runQuietly(program, ['--version'])
  return program
}

// Without this check, a download without an answer would block for minutes. It uses no proxy.
async function checkMirror(env, options) {
  if (env.HTTPS_PROXY || env.https_proxy) return
  const { MongoBinaryDownloadUrl } =
    await import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js')
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl()
  await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(msToAnswer) }).then(
    ({ ok, status }) => {
      if (!ok) throw new Error(`${url} answers ${status}`)
    },
    (error) => {
      throw new Error(`${new URL(url).host} cannot be reached (${reasonOf(error)})`)
    },
  )
}

function reasonOf(error) {
  return error.cause?.code ?? error.cause?.message ?? error.message
}
