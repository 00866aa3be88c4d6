// What a script adds to a password field: a button that shows it and, for a new one, how long it is.
for (const input of document.querySelectorAll('input[type="password"]')) {
  addToggle(input)
  if (input.dataset.minLength) countLength(input)
}

function addToggle(input) {
  const { show, hide } = input.dataset
  if (!show) return
  const wrapper = document.createElement('div')
  const button = document.createElement('button')
  const word = document.createElement('span')
  const which = document.createElement('span')
  which.className = 'unseen'
  which.textContent = ` ${input.labels[0].textContent}`
  button.append(word, which)
  wrapper.className = 'with-toggle'
  button.type = 'button'
  button.setAttribute('aria-controls', input.id)
  const setShown = (shown) => {
    input.type = shown ? 'text' : 'password'
    word.textContent = shown ? hide : show
  }
  const isFocused = document.activeElement === input
  input.replaceWith(wrapper)
  wrapper.append(input, button)
  setShown(false)
  if (isFocused) input.focus()
  button.addEventListener('click', () => setShown(input.type === 'password'))
  // A password that was left visible is neither kept as text by the browser nor seen on the way back.
  input.form.addEventListener('submit', () => setShown(false))
}

function countLength(input) {
  const rule = document.querySelector(`#${input.id}-hint [data-length]`)
  const least = Number(input.dataset.minLength)
  const count = document.createElement('span')
  const spoken = document.createElement('span')
  count.dataset.count = ''
  count.setAttribute('aria-hidden', 'true')
  spoken.className = 'unseen'
  spoken.setAttribute('role', 'status')
  rule.append(count, spoken)
  let pause
  input.addEventListener('input', () => {
    // The server counts in the same way.
    const length = Array.from(input.value.normalize('NFKC')).length
    rule.classList.toggle('met', length >= least)
    count.textContent = length === 0 || length >= least ? '' : ` (${length}/${least})`
    clearTimeout(pause)
    pause = setTimeout(() => (spoken.textContent = ` ${length}/${least}`), 1000)
  })
}
