// `npm test`: everything a change must pass. One closing line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ensureInstalled, ensureWeb, node24, root, toolEnvironment } from '../../cli/bin/install.mjs'

const wanted = process.argv.slice(2)
const projects = wanted.length > 0 ? wanted : ['unit', 'kafka', 'integration', 'browser']

await ensureInstalled()
await ensureWeb()

let passed = 0
let failed = 0
const failures = []
const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
if (wanted.length === 0) count('check', node(['tests/bin/check.mjs']) === 0)
for (const project of projects) {
  const report = join(folder, `${project}.json`)
  const startedAt = performance.now()
  const status = node(['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  passed += result?.numPassedTests ?? 0
  failed += result?.numFailedTests ?? 0
  const failedFiles = result?.testResults.filter((file) => file.status === 'failed') ?? []
  const brokenFiles = failedFiles.filter((file) => file.assertionResults.every((test) => test.status !== 'failed'))
  failed += brokenFiles.length
  failures.push(...failedFiles.flatMap((file) => failuresOf(file)))
  if (status !== 0 && (result?.numFailedTests ?? 0) + brokenFiles.length === 0) count(project, false)
  if (result !== null && result.numTotalTests === 0) count(`${project} (no test ran)`, false)
  console.log(`${project}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
}
rmSync(folder, { recursive: true, force: true })
// Who reads only the end of a long log still learns what failed.
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function node(args) {
  return spawnSync(node24(), args, { cwd: root, stdio: 'inherit', env: { ...toolEnvironment(), SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' } }).status
}

function count(name, ok) {
  if (ok) passed++
  else {
    failed++
    failures.push(name)
  }
  console.log(`${name}: ${ok ? 'passed' : 'failed'}`)
}

function failuresOf(file) {
  const path = relative(root, file.name)
  const tests = file.assertionResults.filter((test) => test.status === 'failed')
  const lines = tests.map((test) => `${path} > ${test.fullName}: ${firstLines(test.failureMessages.join(' '))}`)
  return lines.length > 0 ? lines : [`${path}: ${firstLines(file.message)}`]
}

function firstLines(message) {
  return message.split('\n').slice(0, 6).join(' ').slice(0, 600)
}
