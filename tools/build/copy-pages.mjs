// Run in an app's folder after `tsc -b`: copies the page templates to the compiled code.
import { cpSync, statSync } from 'node:fs'

cpSync('src', 'dist', {
  recursive: true,
  filter: (source) => statSync(source).isDirectory() || source.endsWith('.eta'),
})
