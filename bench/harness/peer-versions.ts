import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '..')

/** Every library that takes part, with its installed version. */
export async function peerVersions(): Promise<string> {
  const { devDependencies } = await readPackage(join(FOLDER, 'package.json'))
  const names = Object.keys(devDependencies ?? {}).filter((name) => !name.startsWith('@types/'))
  const versions = await Promise.all(
    names.map(async (name) => {
      const installed = await readPackage(join(FOLDER, 'node_modules', name, 'package.json'))
      return `${installed.name} ${installed.version}`
    }),
  )
  return versions.join(', ')
}

type Package = { name: string; version: string; devDependencies?: Record<string, string> }

async function readPackage(file: string): Promise<Package> {
  return JSON.parse(await readFile(file, 'utf8'))
}
