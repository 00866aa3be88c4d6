import type { Site } from '../src/http/pages/render-page.ts'

export const site: Site = {
  name: 'Latchkey',
  brand: { hasLogo: false, hasTheme: false, color: '#0e5c4a' },
  contactUrl: 'https://example.com/contact',
  url: (path) => `/auth${path}`,
  ownUsers: true,
  openSignUp: false,
  notices: {},
}

/** Markup, both kinds of quotes and an ampersand. A page must escape all of them. */
export const hostile = `"><script>alert('x')</script>&`

/** Replaces every properly escaped `hostile` with the harmless word `calm`. */
export function withoutEscaped(html: string): string {
  return html.replaceAll('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;', 'calm')
}

/** The first tag with this name and `id`, or an empty string. */
export function tagWithId(html: string, id: string): string {
  return new RegExp(`<[a-z]+ [^>]*id="${id}"[^>]*>`).exec(html)?.[0] ?? ''
}
