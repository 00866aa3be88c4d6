/** Every path of the app, relative to BASE_PATH. */
export const paths = {
  signIn: '/login',
  signOut: '/logout',
  session: '/session',
  account: '/account',
  reauthenticate: '/reauthenticate',
  style: '/style.css',
  icon: '/favicon.svg',
} as const
