import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { ROOT } from '../version.ts'

/** The launcher (`bin/skein.mjs`) installs and builds before it hands over to this: what is missing now cannot be made here. */
export function build(print: (line: string) => void): void {
  if (!existsSync(join(ROOT, 'web', 'out', 'index.html'))) throw new StartError('There is no web interface here: run npx skein build in the folder of Skein.')
  print('Packages and web interface are in place.')
}
