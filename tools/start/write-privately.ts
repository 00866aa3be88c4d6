import { rename, writeFile } from 'node:fs/promises'

/** Writes JSON for the owner's eyes only; a reader finds all of it or the file before. */
export async function writePrivately(file: string, content: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
