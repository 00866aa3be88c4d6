import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawTable } from './draw-table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
await writeFile(join(root, 'docs/promises.md'), await drawTable(root))
process.stdout.write('docs/promises.md is written.\n')
