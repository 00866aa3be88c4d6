// A button beside a read-only field copies it; without this script the field can be selected.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  const label = button.textContent
  button.hidden = false
  button.setAttribute('aria-live', 'polite')
  button.addEventListener('click', async () => {
    field.select()
    // There is no clipboard on plain http, except on this machine.
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value)
    else document.execCommand('copy')
    button.textContent = 'Copied'
    setTimeout(() => (button.textContent = label), 3000)
  })
}
