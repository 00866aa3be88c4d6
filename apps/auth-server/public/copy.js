// After a field or another element whose text is to be taken elsewhere: a button that does it. Without
// the script the text is there to be selected.
for (const field of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button')
  const status = document.createElement('span')
  button.type = 'button'
  button.className = 'button quiet'
  button.textContent = field.dataset.copy
  status.setAttribute('role', 'status')
  button.addEventListener('click', () => {
    select(field)
    copy(field.value ?? field.dataset.text ?? field.innerText).then(
      () => (status.textContent = 'Copied.'),
      () => (status.textContent = 'It is selected: copy it with your keyboard.'),
    )
  })
  field.after(button, status)
}

function select(field) {
  if (field instanceof HTMLInputElement) field.select()
  else getSelection().selectAllChildren(field)
}

// Over plain http there is no clipboard to write to.
async function copy(text) {
  await navigator.clipboard.writeText(text)
}
