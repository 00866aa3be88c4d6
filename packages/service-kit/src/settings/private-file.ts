import { readFile, rename, writeFile } from 'node:fs/promises'

/** The JSON in a file, or undefined if the file does not exist. */
export async function readPrivateFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : JSON.parse(text)
}

/** Writes JSON that only the owner can read. A reader sees the old file or the new one, never a part. */
export async function writePrivateFile(file: string, content: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
