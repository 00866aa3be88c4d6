import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { colorContrast, lighten } from './color-contrast.ts'

/** The colour of buttons and links, on light and on dark pages. Text on it is white or `#111111`. */
export type BrandColor = { light: string; dark: string }
/** A picture with its media type. */
export type Logo = { type: string; content: Buffer }

/** What text needs against what is behind it (WCAG 2.2, 1.4.3). */
const READABLE = 4.5
const DARK_PAGE = '#161d1a'
const LARGEST_LOGO = 200_000
const types = new Map([
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
])

/** The settings of a server that shows pages or writes e-mails, to spread into its own schema. */
export function brandSettings() {
  return { BRAND_COLOR: brandColor().optional(), LOGO_FILE: logoFile().optional() }
}

function brandColor() {
  return z
    .string()
    .regex(/^#[\da-f]{6}$/i, { error: 'This must be a colour such as #0e5c4a.', abort: true })
    .superRefine((color, context) => {
      const contrast = colorContrast(color, '#ffffff')
      if (contrast >= READABLE) return
      const message = `This colour has a contrast of ${roundDown(contrast)}:1 to white. Text needs ${READABLE}:1: choose a darker one.`
      context.addIssue({ code: 'custom', message })
    })
    .transform((light): BrandColor => ({ light, dark: forDarkPages(light) }))
}

/** Lightened until it can be read on a dark page. */
function forDarkPages(color: string): string {
  const shares = Array.from({ length: 20 }, (_, step) => step / 20)
  const shades = shares.map((share) => lighten(color, share))
  return shades.find((shade) => colorContrast(shade, DARK_PAGE) >= READABLE + 1) ?? '#ffffff'
}

// A contrast just below the limit must not read as if it met it.
function roundDown(ratio: number): number {
  return Math.floor(ratio * 10) / 10
}

function logoFile() {
  return z.string().transform((path, context): Logo => {
    const type = types.get(path.replace(/^.*\./s, '').toLowerCase())
    const content = type === undefined ? undefined : read(path)
    const problem = problemOf(type, content)
    if (type !== undefined && content !== undefined && problem === undefined)
      return { type, content }
    context.addIssue({ code: 'custom', message: problem ?? '' })
    return z.NEVER
  })
}

function problemOf(type: string | undefined, content: Buffer | undefined): string | undefined {
  if (type === undefined) return 'This must be the path of a .svg, .png or .jpg file.'
  if (content === undefined) return 'This file cannot be read.'
  return content.length > LARGEST_LOGO ? 'This file is larger than 200 kB.' : undefined
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
