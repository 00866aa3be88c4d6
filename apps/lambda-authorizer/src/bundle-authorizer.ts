import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'

/** Bundles the function into one file, `main.mjs`, for Node 22 or later. Returns esbuild's metafile. */
export async function bundleAuthorizer(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: join(folder, 'main.mjs'),
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['source'],
    legalComments: 'none',
    logLevel: 'error',
  })
  return metafile
}
