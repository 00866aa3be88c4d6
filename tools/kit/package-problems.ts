import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** What publint and "Are the types wrong?" find in a packed package, in words. */
export async function packageProblems(tarball: Buffer): Promise<string[]> {
  const bytes = new Uint8Array(tarball)
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  const checked = await checkPackage(createPackageFromTarballData(bytes))
  return [
    ...messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code),
    // Node 20.19 and later can require an ES module.
    ...(checked.types === false ? [{ kind: 'NoTypes' }] : checked.problems)
      .filter(({ kind }) => kind !== 'CJSResolvesToESM')
      .map((problem) => JSON.stringify(problem)),
  ]
}
