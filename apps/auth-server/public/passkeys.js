// Forms that carry a passkey's answer: the browser asks for the passkey, and the form takes the answer to
// the server. Without script, or in a browser without passkeys, they stay hidden.
const Passkey = window.PublicKeyCredential
const forms = document.querySelectorAll('form[data-passkey]')
// The server's challenge is good for ten minutes.
const RENEW_MS = 9 * 60_000
let ceremony = new AbortController()
let renewal

if (Passkey?.parseRequestOptionsFromJSON) for (const form of forms) show(form)

function show(form) {
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void askByButton(form)
  })
  if ('autofill' in form.dataset) void offerInAutofill(form)
}

async function askByButton(form) {
  const problem = form.querySelector('[role="alert"]')
  problem.hidden = true
  try {
    await send(form)
  } catch {
    problem.hidden = false
    if ('autofill' in form.dataset) void offerInAutofill(form)
  }
}

// The passkey is among what the browser suggests for the user name, until the button asks for it.
async function offerInAutofill(form) {
  if (!(await Passkey.isConditionalMediationAvailable?.())) return
  send(form, { mediation: 'conditional' }).catch(() => undefined)
  renewal = setTimeout(() => void offerInAutofill(form), RENEW_MS)
}

async function send(form, how = {}) {
  clearTimeout(renewal)
  ceremony.abort()
  ceremony = new AbortController()
  const { signal } = ceremony
  const options = await fetchOptions(form, signal)
  const isNew = form.dataset.passkey === 'create'
  const answer = isNew
    ? await navigator.credentials.create({
        publicKey: Passkey.parseCreationOptionsFromJSON(options),
        signal,
      })
    : await navigator.credentials.get({
        publicKey: Passkey.parseRequestOptionsFromJSON(options),
        signal,
        ...how,
      })
  form.elements.credential.value = JSON.stringify(answer)
  form.submit()
}

async function fetchOptions(form, signal) {
  const { options, signIn } = form.dataset
  const answer = await fetch(options, { method: 'POST', signal })
  // The sign-in is too old for a change of the account.
  if (answer.status === 401 && signIn) location.assign(signIn)
  if (!answer.ok) throw new Error(`${options} answered ${answer.status}`)
  return await answer.json()
}
