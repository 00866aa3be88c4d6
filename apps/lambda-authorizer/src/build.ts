import { join } from 'node:path'
import { bundleAuthorizer } from './bundle-authorizer.ts'

const folder = join(import.meta.dirname, '../dist')
const { outputs } = await bundleAuthorizer(folder)
for (const [file, { bytes }] of Object.entries(outputs)) {
  process.stdout.write(`${file}: ${(bytes / 1000).toFixed(1)} kB\n`)
}
