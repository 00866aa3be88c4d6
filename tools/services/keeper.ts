// A process between us and a server. It lives in its own process group, so Ctrl-C in a terminal does
// not reach it. It stops the server when its standard input closes, which the system does for us even
// if we are killed with SIGKILL.
//
// node keeper.ts <milliseconds to stop in> <command> [arguments…]. It writes lines to descriptor 3:
// {"pid":123}, then {"code":0,"signal":null}; or {"error":"…"} if the command cannot be run.
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
    // The group is empty, so there is nothing left to kill.
  }
}

function tell(event: object): void {
  try {
    writeSync(3, `${JSON.stringify(event)}\n`)
  } catch {
    // Nobody is listening any more.
  }
}
