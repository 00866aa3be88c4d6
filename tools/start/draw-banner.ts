import type { Account } from './create-accounts.ts'
import type { StartSettings } from './read-start-settings.ts'

type Scene = {
  settings: Pick<StartSettings, 'authUrl' | 'productUrl'>
  /** The page with caught e-mails, if there is one. */
  mailbox: string | undefined
  accounts: Account[]
}

const line = '─'.repeat(78)

/** Draws what is running, who can sign in, and what to try. */
export function drawBanner({ settings, mailbox, accounts }: Scene): string {
  const { authUrl, productUrl } = settings
  return [
    '',
    line,
    `  auth-server      ${authUrl}`,
    `  product-server   ${productUrl}`,
    ...(mailbox === undefined ? [] : [`  e-mails          ${mailbox}/`]),
    '',
    ...drawAccounts(accounts),
    '',
    ...inBrowser(settings, accounts),
    '',
    ...byHand(settings, accounts),
    '',
    '  As an operator, in another terminal',
    '    npm run cli -- create-admin             # your own admin',
    '    npm run cli -- --help                   # invites, users, sessions, e-mails, doctor',
    '',
    '  Ctrl-C stops everything.',
    line,
    '',
  ].join('\n')
}

function drawAccounts(accounts: Account[]): string[] {
  if (accounts.length > 0) return accounts.map(drawAccount)
  return ['  The accounts are those of the service at USER_DIRECTORY_URL.']
}

function drawAccount({ username, password, roles }: Account): string {
  const role = roles.length > 0 ? `   (${roles.join(', ')})` : ''
  return `  ${username.padEnd(16)} ${password}${role}`
}

function inBrowser({ authUrl, productUrl }: Scene['settings'], [account]: Account[]): string[] {
  return [
    '  In a browser',
    `    1. Open ${productUrl}dashboard: it sends you to the sign-in page.`,
    `    2. Sign in as ${account?.username ?? 'a user of that service'}: you return to the dashboard.`,
    `    3. Sign out at ${authUrl}account and reload the dashboard: you are signed out.`,
  ]
}

function byHand({ authUrl, productUrl }: Scene['settings'], [account]: Account[]): string[] {
  const { username, password } = account ?? { username: '…', password: '…' }
  const credentials = JSON.stringify({ username, password })
  return [
    '  With curl',
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
