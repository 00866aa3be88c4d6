import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readConfig } from './config.ts'
import { settingsSchema } from './settings-schema.ts'

describe('.env.example', () => {
  const example = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8')

  it('names every setting, and no other', () => {
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name)
    const declared = Object.keys(settingsSchema({ production: false, ownUsers: true }).shape)
    expect(names.toSorted()).toEqual(declared.toSorted())
  })

  it('shows the defaults as they are', () => {
    const shown = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    // What is made anew for each process.
    const made = { sessionSecrets: [], mailSecrets: [], keyEncryptionKeys: [] }
    expect({ ...readConfig(shown), ...made }).toEqual({ ...readConfig({}), ...made })
  })
})
