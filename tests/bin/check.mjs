// `npm run check`: format, lint with room directions and sizes, types of every room, dead files and dependencies.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, run } from '../../cli/bin/install.mjs'

await ensureInstalled()
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const steps = [['biome', 'format', '.'], ['oxlint', '--type-aware', '--quiet'], ...workspaces.map((room) => ['tsc', '-p', room]), ['knip', '--no-progress']]
const failures = []
for (const [tool, ...args] of steps) {
  await run(join(root, 'node_modules', '.bin', tool), args).catch((error) => {
    failures.push(error.message.replaceAll(`${root}/`, ''))
  })
}
// All at the end: a long log is read from there.
for (const failure of failures) console.log(`check: ${failure}`)
console.log(failures.length === 0 ? 'check: all green' : `check: ${failures.length} of ${steps.length} steps failed`)
process.exit(failures.length === 0 ? 0 : 1)
