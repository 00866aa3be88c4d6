import type { Site } from '../src/http/pages/render-page.ts'

export const site: Site = {
  name: 'Latchkey',
  contactUrl: 'https://example.com/contact',
  url: (path) => `/auth${path}`,
  ownUsers: true,
  notices: {},
}

/** Markup, both kinds of quotes and an ampersand: what a page must never pass on as it is. */
export const hostile = `"><script>alert('x')</script>&`

/** What is left when every properly escaped `hostile` is taken for the harmless word `calm`. */
export function withoutEscaped(html: string): string {
  return html.replaceAll('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;', 'calm')
}

/** The first tag with this name and `id`, or an empty string. */
export function tagWithId(html: string, id: string): string {
  return new RegExp(`<[a-z]+ [^>]*id="${id}"[^>]*>`).exec(html)?.[0] ?? ''
}
