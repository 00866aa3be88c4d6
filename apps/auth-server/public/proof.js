// Solves the task of a form (ALTCHA, proof of work v2) while it is filled in: looks for a counter whose
// PBKDF2 key begins with the wanted bytes. Without script the field stays empty.
const field = document.querySelector('input[data-challenge]')
const { form } = field
const button = form.querySelector('button[type="submit"]')
const solved = solve(JSON.parse(field.dataset.challenge)).then(
  (payload) => (field.value = payload),
  // Plain http has no `crypto.subtle`. The server says what to do without a solution.
  () => (field.value = 'none'),
)

form.addEventListener('submit', (event) => {
  if (field.value !== '') return
  // `wait.js` must not hear of it: the form is not on its way yet.
  event.preventDefault()
  event.stopImmediatePropagation()
  button.textContent = 'Please wait…'
  void solved.then(() => form.requestSubmit(button))
})

async function solve(challenge) {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters
  const password = Uint8Array.from([...bytesOf(nonce), 0, 0, 0, 0])
  const counterIn = new DataView(password.buffer, password.length - 4)
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: cost }
  for (let counter = 0; ; counter += 1) {
    counterIn.setUint32(0, counter)
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const derived = await crypto.subtle.deriveBits(how, key, keyLength * 8)
    const derivedKey = hexOf(new Uint8Array(derived))
    if (derivedKey.startsWith(keyPrefix))
      return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }))
  }
}

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16))
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
