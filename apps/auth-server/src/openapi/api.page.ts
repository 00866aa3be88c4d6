import { renderPage, type Site } from '../http/pages/render-page.ts'
import type { OpenApiDocument } from './build-document.ts'

/** Every operation, by what it is about, with its schemas behind a fold. */
export function apiPage(site: Site, document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
  )
  const tags = Map.groupBy(operations, ({ tags: [tag = ''] }) => tag)
  return renderPage(site, {
    template: 'openapi/api.page.eta',
    title: 'API',
    data: {
      groups: [...tags],
      draw: (value: unknown) => JSON.stringify(value, null, 2),
      wide: true,
    },
  })
}
