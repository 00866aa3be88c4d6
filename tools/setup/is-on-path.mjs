import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether this program is in a folder of PATH. */
export function isOnPath(program, path = '') {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
