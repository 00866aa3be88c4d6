import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

/**
 * Every public declaration of a built package, as one document: each entry point is a namespace in it.
 *
 * @param home the folder of the package, with `dist`
 * @throws Error if the declarations cannot be read
 */
export async function reportApi(home: string): Promise<string> {
  const reportFolder = await mkdtemp(join(tmpdir(), 'api-'))
  const barrel = join(home, 'dist', '.entry-points.d.ts')
  try {
    await writeFile(barrel, await namespacesOf(home))
    const { succeeded } = Extractor.invoke(extractorConfig({ home, barrel, reportFolder }), {
      localBuild: true,
      messageCallback(message) {
        if (message.logLevel !== ExtractorLogLevel.Error) message.logLevel = ExtractorLogLevel.None
      },
    })
    if (!succeeded) throw new Error('the declarations cannot be read')
    return await readFile(join(reportFolder, 'report.api.md'), 'utf8')
  } finally {
    await rm(barrel, { force: true })
    await rm(reportFolder, { recursive: true })
  }
}

/** A file that exports each entry point under a name of its own: `auth-kit/logged-in` as `loggedIn`. */
async function namespacesOf(home: string): Promise<string> {
  const { exports }: { exports: Record<string, { types: string }> } = JSON.parse(
    await readFile(join(home, 'package.json'), 'utf8'),
  )
  const lines = Object.values(exports).map(({ types }) => {
    const file = types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '')
    const name = file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    return `export * as ${name} from './${file}.js'\n`
  })
  return lines.join('')
}

function extractorConfig({
  home,
  barrel,
  reportFolder,
}: {
  home: string
  barrel: string
  reportFolder: string
}) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: home,
      mainEntryPointFilePath: barrel,
      apiReport: {
        enabled: true,
        reportFileName: 'report',
        reportFolder,
        reportTempFolder: reportFolder,
      },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2022',
            skipLibCheck: true,
            types: ['node'],
          },
          files: [barrel],
        },
      },
      messages: {
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(home, 'package.json'),
  })
}
