import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'import-rules-'))

beforeAll(() => cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json')))
afterAll(() => rmSync(folder, { recursive: true }))

/** What the linter, with this workspace's configuration, says about a file with this import. */
function lint(file: string, imported: string): string {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${imported}\nexport const used = thing\n`)
  const program = join(root, 'node_modules/.bin/oxlint')
  const { stdout } = spawnSync(program, ['--format=default', file], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout
}

const feature = 'apps/auth-server/src/sign-in/return-to.ts'
const inner = 'apps/auth-server/src/oauth/tokens/exchange-code.ts'

describe('an import that the rules forbid is an error:', () => {
  it.each([
    [
      'packages/auth-kit/src/a.ts',
      '../../../apps/auth-server/src/http/errors.ts',
      'A package never',
    ],
    ['packages/service-kit/src/a.ts', 'mongoose', 'Only auth-server knows MongoDB'],
    ['apps/auth-server/src/app.ts', '../../product-server/src/app.ts', 'An app never'],
    ['apps/auth-server/src/sign-in/a.ts', '../../../product-server/src/app.ts', 'An app never'],
    ['apps/product-server/src/app.ts', '../../auth-server/src/http/errors.ts', 'An app never'],
    ['apps/auth-server/src/app.ts', '../../mail-worker/src/app.ts', 'An app never'],
    ['apps/mail-worker/src/app.ts', '../../auth-server/src/http/errors.ts', 'An app never'],
    ['apps/mail-worker/src/app.ts', 'mongoose', 'Only auth-server knows MongoDB'],
    ['packages/mail-contract/src/a.ts', '../../../apps/mail-worker/src/a.ts', 'A package never'],
    ['apps/product-server/src/app.ts', 'mongoose', 'Only auth-server knows MongoDB'],
    ['apps/product-server/src/cart/a.ts', 'mongoose', 'Only auth-server knows MongoDB'],
    ['packages/auth-kit/src/access-token/a.ts', 'express', 'without Express and Redis'],
    [
      'packages/auth-kit/src/access-token/a.ts',
      '../redis/ask-redis.ts',
      'without Express and Redis',
    ],
    ['packages/auth-kit/src/access-token/a.ts', 'mongoose', 'Only auth-server knows MongoDB'],
    ['packages/auth-kit/src/lambda/a.ts', 'ioredis', 'without Express and Redis'],
    ['packages/auth-kit/src/lambda.ts', './guard/answer-error.ts', 'without Express and Redis'],
    ['apps/lambda-authorizer/src/main.ts', 'auth-kit/tokens', 'it takes lambda alone'],
    ['apps/lambda-authorizer/src/main.ts', 'service-kit', 'it takes lambda alone'],
    ['apps/lambda-authorizer/src/main.ts', '../../auth-server/src/http/errors.ts', 'An app never'],
    ['apps/product-server/src/app.ts', '../../lambda-authorizer/src/config.ts', 'An app never'],
    [
      'apps/auth-server/src/config/a.ts',
      '../storage/id.ts',
      'config/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/storage/a.ts',
      '../http/errors.ts',
      'storage/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/http/a.ts',
      '../audit/create-audit.ts',
      'http/ imports only from wings below',
    ],
    ['apps/auth-server/src/audit/a.ts', '../mail/relay.ts', 'audit/ imports only from wings below'],
    [
      'apps/auth-server/src/mail/a.ts',
      '../users/find-user.ts',
      'mail/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/users/a.ts',
      '../sessions/end-session.ts',
      'users/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/sessions/a.ts',
      '../sign-in/return-to.ts',
      'sessions/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/sign-in/a.ts',
      '../accounts/links/signed-link.ts',
      'sign-in/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/accounts/a.ts',
      '../oauth/oauth-error.ts',
      'accounts/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/oauth/a.ts',
      '../accounts/links/signed-link.ts',
      'oauth/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/admin/a.ts',
      '../wiring/open-stores.ts',
      'admin/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/wiring/a.ts',
      '../cli/run-cli.ts',
      'wiring/ imports only from wings below',
    ],
    [
      'apps/auth-server/src/cli/a.ts',
      '../demo/ensure-demo-account.ts',
      'cli/ imports only from wings below',
    ],
    ['apps/auth-server/src/demo/a.ts', '../cli/run-cli.ts', 'demo/ imports only from wings below'],
    ['apps/auth-server/src/openapi/a.ts', '../app.ts', 'openapi/ imports only from wings below'],
    [inner, '../../admin/respond-done.ts', 'oauth/ imports only from wings below'],
    [feature, '../sessions/session.routes.ts', 'Only app.ts mounts routes'],
    [feature, './sign-in.routes.ts', 'Only app.ts mounts routes'],
    [feature, '../accounts/settings/account.page.ts', "A feature never shows another's page"],
    [feature, '../users/user.model.ts', "A feature calls another's verbs"],
    [inner, '../../sessions/session.routes.ts', 'Only app.ts mounts routes'],
    [inner, '../../admin/confirm.page.ts', "A feature never shows another's page"],
    [inner, '../../users/user.model.ts', "A feature calls another's verbs"],
    ['apps/product-server/src/cart/a.ts', '../pages/home.page.ts', 'A feature never shows'],
  ])('%s → %s', (file, target, message) => {
    expect(lint(file, `import { thing } from '${target}'`)).toContain(message)
  })
})

describe('an import that follows the rules is allowed:', () => {
  it.each([
    ['apps/auth-server/src/app.ts', `import { thing } from './sign-in/sign-in.routes.ts'`],
    ['apps/auth-server/src/main.ts', `import { thing } from './users/user.model.ts'`],
    ['apps/auth-server/src/sign-in/sign-in.routes.ts', `import { thing } from './sign-in.page.ts'`],
    ['apps/auth-server/src/users/find-user.ts', `import { thing } from './user.model.ts'`],
    ['apps/product-server/src/app.ts', `import { thing } from 'auth-kit/logged-in'`],
    ['packages/auth-kit/src/lambda.ts', `import { thing } from './access-token/key-set.ts'`],
    ['packages/auth-kit/src/bearer/a.ts', `import { thing } from '../redis/ask-redis.ts'`],
    ['apps/lambda-authorizer/src/main.ts', `import { thing } from 'auth-kit/lambda'`],
    [feature, `import { thing } from '../users/find-user.ts'`],
    [inner, `import { thing } from '../families/family.model.ts'`],
    ['apps/auth-server/src/wiring/a.ts', `import { thing } from '../users/user.model.ts'`],
    [feature, `import { type Users, thing } from '../users/find-user.ts'`],
  ])('%s: %s', (file, imported) => {
    expect(lint(file, imported)).not.toContain('no-restricted-imports')
  })

  it('of a model in another feature, if only of its type', () => {
    const imported = `import type { Users } from '../users/user.model.ts'\nconst thing = {} as Users`
    expect(lint(feature, imported)).not.toContain('no-restricted-imports')
  })
})
