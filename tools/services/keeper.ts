// A process of its own between us and a server: it lives in its own process group, so Ctrl-C in a
// terminal does not reach it, and it ends the server when its standard input closes, which the
// system does for us even when we are killed with -9.
//
// node keeper.ts <milliseconds to end in> <command> [arguments…]; on descriptor 3, a line each:
// {"pid":123}, then {"code":0,"signal":null}; or {"error":"…"} when the command cannot be run.
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'

const [patience = '', command = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })

child.on('error', (error) => tell({ error: error.message }))
child.on('exit', (code, signal) => {
  killRemains()
  tell({ code, signal })
  process.exit()
})
if (child.pid !== undefined) tell({ pid: child.pid })

process.stdin.on('close', end).on('error', end).resume()
process.on('SIGTERM', end)
process.on('SIGINT', end)

let ending = false
function end(): void {
  if (ending) return
  ending = true
  if (child.pid === undefined) process.exit()
  child.kill('SIGTERM')
  setTimeout(killRemains, Number(patience))
}

function killRemains(): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is empty: nothing is left to kill.
  }
}

function tell(event: object): void {
  try {
    writeSync(3, `${JSON.stringify(event)}\n`)
  } catch {
    // Nobody listens any more.
  }
}
