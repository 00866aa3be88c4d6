import { createHash } from 'node:crypto'
import type { Response } from 'express'

const STYLE = `:root{color-scheme:light dark}
body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;padding:0 1.5rem}
a{display:inline-block;padding:.6rem 1.2rem;border:1px solid;border-radius:.5rem}`

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sends a self-contained page: a sentence and an optional link. `isFollowed` opens it at once. */
export function sendPage(
  res: Response,
  page: { title: string; text: string; link?: { url: string; label: string; isFollowed: boolean } },
): void {
  const url = page.link && escapeHtml(page.link.url)
  const refresh = page.link?.isFollowed ? `<meta http-equiv="refresh" content="0;url=${url}">` : ''
  const link = page.link ? `<p><a href="${url}">${escapeHtml(page.link.label)}</a></p>` : ''
  res.set('Content-Security-Policy', POLICY).type('html').send(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${refresh}<title>${escapeHtml(page.title)}</title><style>${STYLE}</style>
<main><h1>${escapeHtml(page.title)}</h1><p>${escapeHtml(page.text)}</p>${link}</main></html>
`)
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
