import { Router, type RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { checkBody } from '../../http/read-input.ts'
import { noticeText } from '../../http/pages/notices.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { liftBlock } from '../../sign-in/attempts/lift-block.ts'
import { listBlockedAddresses } from '../../sign-in/attempts/list-blocked-addresses.ts'
import { addressesPage } from './addresses.page.ts'
import { liftInput } from '../admin-input.ts'
import { respondDone } from '../respond-done.ts'

/** The blocked addresses, and the button that lifts a block. */
export function adminAddressRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.get(paths.adminAddresses, showAddresses(deps))
  router.post(
    `${paths.adminAddresses}/lift`,
    acceptAdminBody(deps),
    checkBody(liftInput),
    lift(deps),
  )
  return router
}

function showAddresses({ site, blocks }: AdminDeps): RequestHandler {
  return async function showAddresses(req, res) {
    const addresses = await listBlockedAddresses(blocks)
    if (!prefersHtml(req)) return res.json({ addresses })
    const notice = noticeText(site, req.query.notice)
    return res.type('html').send(addressesPage(site, { addresses, notice }))
  }
}

function lift(deps: AdminDeps): RequestHandler {
  return async function lift(req, res) {
    const address = await liftBlock(deps, { address: req.body.address, from: req })
    const notice = address === null ? 'address_free' : 'address_lifted'
    respondDone(deps.site, { req, res, path: paths.adminAddresses, notice })
  }
}
