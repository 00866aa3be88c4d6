// While a form's answer is on its way: the button says so and cannot be pressed twice.
for (const form of document.querySelectorAll('form[data-wait]')) {
  const button = form.querySelector('button[type="submit"]')
  const label = button.textContent
  form.addEventListener('submit', (event) => {
    if (form.ariaBusy === 'true') return event.preventDefault()
    form.ariaBusy = 'true'
    button.setAttribute('aria-disabled', 'true')
    button.setAttribute('aria-live', 'polite')
    button.textContent = form.dataset.wait
  })
  // Back from the next page: the browser shows this one as it was left.
  addEventListener('pageshow', () => {
    form.ariaBusy = 'false'
    button.removeAttribute('aria-disabled')
    button.textContent = label
  })
}
