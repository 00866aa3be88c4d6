import { createServer } from 'node:http'
import { buildAppUnderTest, type Variant } from './app-under-test.ts'

/** A process of its own for one app: tells its parent the port, and ends with it. */
const VARIANTS: readonly Variant[] = ['ours', 'stock', 'open']
const [wanted, redisUrl = '', prefix = ''] = process.argv.slice(2)
const variant = VARIANTS.find((name) => name === wanted)
if (variant === undefined) throw new TypeError(`no such app: ${wanted}`)

const server = createServer(await buildAppUnderTest(variant, { redisUrl, prefix }))
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.once('disconnect', () => process.exit())
