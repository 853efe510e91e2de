// `npm run check`: format, lint with room directions and sizes, types of every room, dead files and dependencies.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, run } from '../../cli/bin/install.mjs'

await ensureInstalled()
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const steps = [['biome', 'format', '.'], ['oxlint', '--type-aware', '--quiet'], ...workspaces.map((room) => ['tsc', '-p', room]), ['knip', '--no-progress']]
let failed = 0
for (const [tool, ...args] of steps) {
  await run(join(root, 'node_modules', '.bin', tool), args).catch((error) => {
    console.error(`check: ${error.message.replaceAll(`${root}/`, '')}`)
    failed++
  })
}
console.log(failed === 0 ? 'check: all green' : `check: ${failed} of ${steps.length} steps failed`)
process.exit(failed === 0 ? 0 : 1)
