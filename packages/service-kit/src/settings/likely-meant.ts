const shortestName = 7

/**
 * The setting that an unknown name probably means: another word for it (`REDIS_URI`, `MONGODB_URL`), a
 * missing or extra plural, or one wrong letter.
 */
export function likelyMeant(given: string, settings: string[]): string | undefined {
  if (given.length < shortestName) return undefined
  return settings.find((setting) => {
    const [one, other] = [usualForm(given), usualForm(setting)]
    return one === other || (setting.length >= shortestName && isOneEditApart(one, other))
  })
}

function usualForm(name: string): string {
  return name
    .replaceAll('_', '')
    .replace('MONGODB', 'MONGO')
    .replace(/^RABBIT(MQ)?/, 'AMQP')
    .replace(/(URI|CONNECTIONSTRING)$/, 'URL')
    .replace(/S$/, '')
}

function isOneEditApart(one: string, other: string): boolean {
  const shorter = new Set([one, ...withoutOne(one)])
  return [other, ...withoutOne(other)].some((text) => shorter.has(text))
}

function withoutOne(text: string): string[] {
  return Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1))
}
