import { createHash } from 'node:crypto'
import type { Response } from 'express'

const STYLE = `:root{color-scheme:light dark;--line:light-dark(#d5dad8,#3a4240)}
body{font:1.0625rem/1.6 system-ui,sans-serif;margin:0;background:light-dark(#f5f7f6,#141817);color:light-dark(#1b2220,#e8ecea)}
main{box-sizing:border-box;width:min(30rem,100% - 2rem);margin:16vh auto 2rem;padding:2rem;background:light-dark(#fff,#1c2221);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1.25rem;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.75rem}
a{padding:.5rem 1rem;border:1px solid var(--line);border-radius:.5rem;color:inherit;text-decoration:none;font-weight:600}
a:hover{border-color:currentcolor}
small{display:block;margin-top:1.5rem;color:light-dark(#5b6663,#a3adaa)}`

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Link = { url: string; label: string }

export type Page = {
  title: string
  text: string
  /** `isFollowed` opens it at once. */
  link?: Link & { isFollowed: boolean }
  /** Ways on from here. */
  ways?: Link[]
  /** For whoever is asked for help. */
  note?: string
}

/** Sends a self-contained page: a sentence, and links if there are any. */
export function sendPage(res: Response, page: Page): void {
  const links = [...(page.link ? [page.link] : []), ...(page.ways ?? [])]
  const first = page.link && escapeHtml(page.link.url)
  const refresh = page.link?.isFollowed
    ? `<meta http-equiv="refresh" content="0;url=${first}">`
    : ''
  const anchors = links.map(
    ({ url, label }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`,
  )
  const nav = links.length > 0 ? `<nav>${anchors.join('')}</nav>` : ''
  const note = page.note ? `<small>${escapeHtml(page.note)}</small>` : ''
  res.set('Content-Security-Policy', POLICY).type('html').send(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${refresh}<title>${escapeHtml(page.title)}</title><style>${STYLE}</style>
<main><h1>${escapeHtml(page.title)}</h1><p>${escapeHtml(page.text)}</p>${nav}${note}</main></html>
`)
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
