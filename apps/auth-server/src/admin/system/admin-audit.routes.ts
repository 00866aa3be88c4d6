import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type RequestHandler, Router } from 'express'
import { prefersHtml, validate } from 'service-kit'
import { type AuditFilter, auditFilterInput } from '../../audit/audit-filter.ts'
import { exportAuditCsv } from '../../audit/export-audit-csv.ts'
import { listAuditEvents } from '../../audit/list-audit-events.ts'
import { pageInput } from '../../http/read-input.ts'
import { type RenderForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { auditPage } from './audit.page.ts'

/** The audit log: filtered on a page, or exported as CSV. */
export function adminAuditRoutes(deps: AdminDeps): Router {
  const router = Router()
  const again = showFormAgain(renderFilter(deps), { statuses: [400] })
  router.get(paths.adminAudit, showEvents(deps), again)
  router.get(paths.adminAuditCsv, exportEvents(deps))
  return router
}

function showEvents({ site, auditRecords }: AdminDeps): RequestHandler {
  return async function showEvents(req, res) {
    const { after } = validate(pageInput, req.query)
    const page = await listAuditEvents(auditRecords, filterOf(req), { after })
    if (!prefersHtml(req)) return res.json(page)
    return res.type('html').send(auditPage(site, { ...page, asked: askedFor(req) }))
  }
}

/** Streams line by line from the database, however long the log is. */
function exportEvents({ auditRecords }: AdminDeps): RequestHandler {
  return async function exportEvents(req, res) {
    const rows = await exportAuditCsv(auditRecords, filterOf(req))
    res.type('text/csv').attachment(`audit-${new Date().toISOString().slice(0, 10)}.csv`)
    await pipeline(Readable.from(rows), res).catch((error: unknown) => {
      if (!isBrokenOff(error)) throw error
    })
  }
}

/** Whether the client closed the connection, which is not an error here. */
function isBrokenOff(error: unknown): boolean {
  const codes = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_UNABLE_TO_PIPE']
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

function filterOf(req: Request): AuditFilter {
  return validate(auditFilterInput, askedFor(req))
}

/** A form sends an empty field as an empty string, which counts as omitted. */
function askedFor({ query }: Request): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}

/** The filter without results. */
function renderFilter({ site }: AdminDeps): RenderForm {
  return function renderFilter({ error, fields }, req) {
    return auditPage(site, { events: [], next: null, asked: askedFor(req), error, fields })
  }
}
