import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readConfig } from './config.ts'
import { settingsSchema } from './settings-schema.ts'

describe('.env.example', () => {
  const example = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8')

  it('names every setting and no other', () => {
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name)
    const declared = Object.keys(settingsSchema({ production: false, ownUsers: true }).shape)
    expect(names.toSorted()).toEqual(declared.toSorted())
  })

  it('shows the actual defaults', () => {
    const shown = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    // Each process generates these.
    const generated = { sessionSecrets: [], mailSecrets: [], keyEncryptionKeys: [] }
    expect({ ...readConfig(shown), ...generated }).toEqual({ ...readConfig({}), ...generated })
  })
})
