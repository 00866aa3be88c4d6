// Preloaded into every server under test: reports its usage over IPC, and ends with its parent. It is
// JavaScript, because a built server must not load a type stripper.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

process.on('message', (question) => {
  if (question === 'usage after gc') collectGarbage()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ cpu: user + system, rss, heap: heapUsed + external })
})
process.once('disconnect', () => process.exit())
process.channel?.unref()
