import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { drawLlms } from './draw-llms.ts'
import { reportApi } from './report-api.ts'

const home = fileURLToPath(new URL('../../packages/auth-kit/', import.meta.url))
await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: home })
await writeFile(join(home, 'api.md'), await reportApi(home))
await writeFile(join(home, 'llms.txt'), drawLlms(await readFile(join(home, 'README.md'), 'utf8')))
process.stdout.write('api.md and llms.txt of auth-kit are written.\n')
