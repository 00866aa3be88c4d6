// Moments in the reader's own time zone, and near ones as "3 hours ago". Without it they are in UTC.
const page = document.documentElement.lang
const language = navigator.languages.find((tag) => tag.split('-')[0] === page) ?? page
const absolute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

for (const time of document.querySelectorAll('time[datetime]')) {
  const moment = new Date(time.dateTime)
  time.title = exact.format(moment)
  time.textContent = ('relative' in time.dataset && near(moment)) || absolute.format(moment)
}

function near(moment) {
  const minutes = Math.round((moment - Date.now()) / 60_000)
  const hours = Math.round(minutes / 60)
  const days = Math.round(hours / 24)
  if (Math.abs(minutes) < 1) return page === 'en' ? 'just now' : relative.format(0, 'second')
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  if (Math.abs(hours) < 24) return relative.format(hours, 'hour')
  return Math.abs(days) <= 30 ? relative.format(days, 'day') : ''
}
