// Beside a field whose text is to be taken elsewhere: a button that does it. Without the script the
// field is there to be selected.
for (const field of document.querySelectorAll('input[data-copy]')) {
  const button = document.createElement('button')
  const status = document.createElement('span')
  button.type = 'button'
  button.className = 'button quiet'
  button.textContent = field.dataset.copy
  status.setAttribute('role', 'status')
  button.addEventListener('click', () => {
    field.select()
    copy(field.value).then(
      () => (status.textContent = 'Copied.'),
      () => (status.textContent = 'It is selected: copy it with your keyboard.'),
    )
  })
  field.after(button, status)
}

// Over plain http there is no clipboard to write to.
async function copy(text) {
  await navigator.clipboard.writeText(text)
}
