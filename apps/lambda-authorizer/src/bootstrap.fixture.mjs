// For tests: plays Lambda's Node runtime. It asks the runtime API for the next event, passes it to
// the handler named by _HANDLER, and posts the answer or the error.
import { join } from 'node:path'
import { env } from 'node:process'
import { pathToFileURL } from 'node:url'

const api = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`
const [file, name] = env['_HANDLER'].split('.')

const post = (path, body) => fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body) })
const asBody = (error) => ({ errorMessage: error.message, errorType: error.name })

const address = pathToFileURL(join(env.LAMBDA_TASK_ROOT, `${file}.mjs`))
const { [name]: handler } = await import(address.href).catch(async (error) => {
  await post('/init/error', asBody(error))
  process.exit(1)
})
for (;;) {
  const next = await fetch(`${api}/invocation/next`)
  const id = next.headers.get('Lambda-Runtime-Aws-Request-Id')
  await handler(await next.json()).then(
    (answer) => post(`/invocation/${id}/response`, answer),
    (error) => post(`/invocation/${id}/error`, asBody(error)),
  )
}
