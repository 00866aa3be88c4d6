const authServer = document.documentElement.dataset.authServer
const patienceMs = 3000

/** Who is signed in: the user, null for nobody, undefined if the auth server did not say in time. */
async function askWhoIsSignedIn() {
  try {
    const answer = await fetch(new URL('session', authServer), {
      credentials: 'include',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(patienceMs),
    })
    if (answer.status === 401) return null
    return answer.ok ? (await answer.json()).user : undefined
  } catch {
    // Down, too slow, or without this page's origin in its CORS_ORIGINS. The console says which.
    return undefined
  }
}

function show(name) {
  for (const view of document.querySelectorAll('main')) view.hidden = view.id !== name
}

function showApp({ username }) {
  document.getElementById('username').textContent = username
  show('app')
}

function showLandingPage({ unsure }) {
  const signIn = new URL('login', authServer)
  signIn.searchParams.set('returnTo', location.href)
  document.getElementById('sign-in').href = signIn.href
  document.getElementById('unsure').hidden = !unsure
  show('landing')
}

async function start() {
  const user = await askWhoIsSignedIn()
  if (user) showApp(user)
  else showLandingPage({ unsure: user === undefined })
}

async function signOut() {
  const logout = new URL('logout', authServer)
  await fetch(logout, { method: 'POST', credentials: 'include' }).catch(() => undefined)
  // Asks again, so that the page shows the server's answer.
  show('waiting')
  await start()
}

document.getElementById('sign-out').addEventListener('click', () => void signOut())

// A page from the browser's cache may show a user who has signed out since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})

await start()
