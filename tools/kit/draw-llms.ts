/**
 * The kit's `llms.txt` (llmstxt.org), made from its README: what it is, how to begin, and every entry point.
 * Other sections are links to the README.
 */
export function drawLlms(readme: string): string {
  const [head = '', ...sections] = readme.split(/^## /m)
  const [title = '', summary = ''] = head.split('\n\n')
  const byTitle = new Map(sections.map((section) => [titleOf(section), section]))
  const quickStart = byTitle.get('Quick start')?.split(/^### /m)[0] ?? ''
  const others = [...byTitle.keys()].filter(
    (name) => !['Quick start', 'Entry points'].includes(name),
  )
  return [
    title,
    summary.replace(/^/gm, '> '),
    `## ${quickStart.trim()}`,
    `## Entry points\n\n${entryPointsOf(readme).join('\n')}`,
    `## More\n\n${others.map((name) => `- [${name}](README.md#${anchorOf(name)})`).join('\n')}`,
    '',
  ].join('\n\n')
}

function titleOf(section: string): string {
  return section.slice(0, section.indexOf('\n'))
}

/** Each entry point with the first paragraph of its section. */
function entryPointsOf(readme: string): string[] {
  return [...readme.matchAll(/^### `(?<entry>auth-kit[^`]*)`\n+(?<text>[^]*?)\n\n/gm)].map(
    ({ groups }) => `- \`${groups?.entry}\`: ${groups?.text?.replace(/\s*\n\s*/g, ' ')}`,
  )
}

/** The anchor that GitHub gives a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-')
}
