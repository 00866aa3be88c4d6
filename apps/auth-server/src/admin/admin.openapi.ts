import { empty, type Operation, page } from '../openapi/operation.ts'
import { paths } from '../paths.ts'

/** The admin pages. */
export const adminOperations: Operation[] = [adminPage(paths.admin, 'How things are.')]

function adminPage(path: string, summary: string): Operation {
  const answers = { 200: page('The page.'), 303: empty('The password is needed first.') }
  return { method: 'get', path, summary, tag: 'Admin pages', access: 'admin', answers }
}
