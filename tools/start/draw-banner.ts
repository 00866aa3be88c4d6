import type { Account } from './create-accounts.ts'
import type { StartSettings } from './read-start-settings.ts'

type Scene = {
  settings: Pick<StartSettings, 'authUrl' | 'productUrl'>
  /** Where the mails are caught, if they are. */
  mailbox: string | undefined
  accounts: Account[]
}

const line = '─'.repeat(78)

/** What runs, who can sign in, and what to try. */
export function drawBanner({ settings, mailbox, accounts }: Scene): string {
  const { authUrl, productUrl } = settings
  return [
    '',
    line,
    `  auth-server      ${authUrl}`,
    `  product-server   ${productUrl}`,
    ...(mailbox === undefined ? [] : [`  mails            ${mailbox}/`]),
    '',
    ...drawAccounts(accounts),
    '',
    ...inBrowser(settings, accounts),
    '',
    ...byHand(settings, accounts),
    '',
    '  As an operator, in another terminal',
    '    npm run cli -- create-admin             # an admin of your own',
    '    npm run cli -- --help                   # invites, users, sessions, mails, doctor',
    '',
    '  Ctrl-C ends it all.',
    line,
    '',
  ].join('\n')
}

function drawAccounts(accounts: Account[]): string[] {
  if (accounts.length > 0) return accounts.map(drawAccount)
  return ['  Accounts are those of the service at USER_DIRECTORY_URL.']
}

function drawAccount({ username, password, roles }: Account): string {
  const role = roles.length > 0 ? `   (${roles.join(', ')})` : ''
  return `  ${username.padEnd(16)} ${password}${role}`
}

function inBrowser({ authUrl, productUrl }: Scene['settings'], [account]: Account[]): string[] {
  return [
    '  In a browser',
    `    1. Open ${productUrl}dashboard: it sends you to sign in.`,
    `    2. Sign in as ${account?.username ?? 'a user of that service'}: you come back, and are greeted.`,
    `    3. Sign out at ${authUrl}account, and reload the dashboard: signed out.`,
  ]
}

function byHand({ authUrl, productUrl }: Scene['settings'], [account]: Account[]): string[] {
  const { username, password } = account ?? { username: '…', password: '…' }
  const credentials = JSON.stringify({ username, password })
  return [
    '  By hand',
    `    curl -c /tmp/jar -H 'Content-Type: application/json' \\`,
    `      -d ${shellQuote(credentials)} ${authUrl}login`,
    `    curl -b /tmp/jar ${productUrl}me                # the other server knows you`,
    `    curl -b /tmp/jar -X POST ${authUrl}logout`,
    `    curl -b /tmp/jar ${productUrl}me                # 401`,
  ]
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
