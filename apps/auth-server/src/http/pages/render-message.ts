import { renderPage, type Site } from './render-page.ts'

type Message = {
  title: string
  lead: string
  text?: string
  failed?: boolean
  action?: { label: string; href: string }
  /** Offers to write to us. */
  contact?: boolean
}

/** A page that says how something went, and where to go from here. */
export function renderMessage(site: Site, message: Message): string {
  const { title, lead, text = '', failed = false, action = null, contact = false } = message
  return renderPage(site, {
    template: 'http/pages/message.page.eta',
    title,
    failed,
    data: { title, lead, text, action, contact },
  })
}
