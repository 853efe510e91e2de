// `npm test`: everything a change must pass. One closing line `N passed, N failed`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { BUILT_WORKERS, endOf, ensureInstalled, ensureWeb, ensureWorkers, node24, root, toolEnvironment } from '../../cli/bin/install.mjs'

const wanted = process.argv.slice(2)
// What waits (for a broker, for processes to end and come back) runs beside what computes, and is printed once it is through.
const lanes =
  wanted.length > 0
    ? [wanted]
    : [
        ['unit', 'browser'],
        ['kafka', 'integration'],
      ]

await ensureInstalled()
await ensureWeb()
await ensureWorkers()

let passed = 0
let failed = 0
const failures = []
const stumbles = []
const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
if (wanted.length === 0) {
  const end = await node(['tests/bin/check.mjs'], 'inherit')
  count('check', end.status === 0, endOf(end.status, end.signal))
}
const firsts = (await Promise.all(lanes.map(runLane))).flat()
for (const first of firsts) await judge(first)
rmSync(folder, { recursive: true, force: true })
// Who reads only the end of a long log still learns what failed.
for (const stumble of stumbles) console.log(`failed at the first try: ${stumble}`)
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** One project after the other. Only the first lane prints as it goes. */
async function runLane(projects, lane) {
  const firsts = []
  for (const project of projects) {
    const startedAt = performance.now()
    const output = lane === 0 ? 'inherit' : join(folder, `${project}.log`)
    firsts.push(await runProject(project, [], output))
    if (output !== 'inherit') process.stdout.write(readFileSync(output))
    console.log(`${project}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  }
  return firsts
}

async function judge(first) {
  const { project } = first
  const again = await secondTry(project, first)
  const failedFiles = [...first.failedFiles.filter((file) => !again.files.includes(file.name)), ...again.failedFiles]
  passed += first.passed + again.passed - again.passedBefore
  for (const file of failedFiles) {
    failed += Math.max(1, failedTests(file).length)
    failures.push(...failuresOf(file))
  }
  if (first.status !== 0 && first.failedFiles.length === 0) count(project, false, first.end)
  if (first.total === 0) count(`${project} (no test ran)`, false)
}

/** `output`: inherit, or the file that takes what it prints. */
async function node(args, output) {
  const to = output === 'inherit' ? 'inherit' : openSync(output, 'w')
  const child = spawn(node24(), args, {
    cwd: root,
    stdio: ['inherit', to, to],
    env: { ...toolEnvironment(), ...BUILT_WORKERS, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' },
  })
  const [status, signal] = await once(child, 'exit')
  return { status, signal }
}

async function runProject(project, files, output) {
  const report = join(folder, `${project}${files.length > 0 ? '-again' : ''}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status, signal } = await node(['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters, ...files], output)
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  const failedFiles = result?.testResults.filter((file) => file.status === 'failed') ?? []
  return { project, status, end: endOf(status, signal), passed: result?.numPassedTests ?? 0, total: result?.numTotalTests, failedFiles }
}

/**
 * Files that failed run once more, alone, so that a stumble of the machine is told from a fault, and both are named at the end. What tells of lost
 * or doubled data gets no second try: once is enough.
 */
async function secondTry(project, first) {
  const files = first.failedFiles.map((file) => file.name).filter((name) => !/kill|crash|cluster|conformance|kafka\/faults|src\/faults/.test(name))
  if (files.length === 0) return { files, passed: 0, passedBefore: 0, failedFiles: [] }
  const before = first.failedFiles.filter((file) => files.includes(file.name))
  for (const file of before) stumbles.push(...failuresOf(file))
  const passedBefore = before.reduce((sum, file) => sum + file.assertionResults.filter((test) => test.status === 'passed').length, 0)
  const again = await runProject(project, files, 'inherit')
  return { files, passed: again.passed, passedBefore, failedFiles: again.status !== 0 && again.failedFiles.length === 0 ? before : again.failedFiles }
}

function failedTests(file) {
  return file.assertionResults.filter((test) => test.status === 'failed')
}

function count(name, ok, how) {
  if (ok) passed++
  else {
    failed++
    failures.push(how === undefined ? name : `${name}: ${how}`)
  }
  console.log(`${name}: ${ok ? 'passed' : 'failed'}`)
}

function failuresOf(file) {
  const path = relative(root, file.name)
  const lines = failedTests(file).map((test) => `${path} > ${test.fullName}: ${firstLines(test.failureMessages.join(' '))}`)
  return lines.length > 0 ? lines : [`${path}: ${firstLines(file.message)}`]
}

function firstLines(message) {
  return message.split('\n').slice(0, 6).join(' ').slice(0, 600)
}
