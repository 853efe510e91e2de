// `npm test`: everything a change must pass. One closing line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled, ensureWeb, node24, root, toolEnvironment } from '../../cli/bin/install.mjs'

const wanted = process.argv.slice(2)
const projects = wanted.length > 0 ? wanted : ['unit', 'kafka', 'integration', 'browser']

await ensureInstalled()
await ensureWeb()

let passed = 0
let failed = 0
const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
if (wanted.length === 0) count('check', node(['tests/bin/check.mjs']) === 0)
for (const project of projects) {
  const report = join(folder, `${project}.json`)
  const startedAt = performance.now()
  const status = node(['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  passed += result?.numPassedTests ?? 0
  failed += result?.numFailedTests ?? 0
  const brokenFiles =
    result?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')).length ?? 0
  failed += brokenFiles
  if (status !== 0 && (result?.numFailedTests ?? 0) + brokenFiles === 0) count(project, false)
  if (result !== null && result.numTotalTests === 0) count(`${project} (no test ran)`, false)
  console.log(`${project}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
}
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function node(args) {
  return spawnSync(node24(), args, { cwd: root, stdio: 'inherit', env: { ...toolEnvironment(), SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' } }).status
}

function count(name, ok) {
  if (ok) passed++
  else failed++
  console.log(`${name}: ${ok ? 'passed' : 'failed'}`)
}
