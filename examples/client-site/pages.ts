import type { JWTPayload } from 'jose'

const name = process.env.SITE_NAME ?? 'Shop'

type Home = { visitor: JWTPayload | undefined; signOutEverywhere: string }

export function homePage({ visitor, signOutEverywhere }: Home): string {
  if (!visitor)
    return page(`
      <p>Open to everybody, and a little more for those who are signed in.</p>
      <p><a class="button" href="/sign-in">Sign in</a></p>`)
  return page(`
      <p>You are signed in. Here you are known as <code id="visitor">${escape(visitor.sub)}</code>,
        and may do this: ${escape(visitor.scope)}.</p>
      <form method="post" action="/sign-out"><button class="button">Sign out here</button></form>
      <p><a href="${escape(signOutEverywhere)}">Sign out everywhere</a></p>`)
}

export function errorPage(message: string): string {
  return page(`
      <p>${escape(message)}</p>
      <p><a class="button" href="/">Try again</a></p>`)
}

function page(content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(name)}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main>
      <h1>${escape(name)}</h1>${content}
    </main>
  </body>
</html>
`
}

function escape(value: unknown): string {
  return String(value).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
