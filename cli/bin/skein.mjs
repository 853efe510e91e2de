#!/usr/bin/env node
// Runs on any Node ≥ 20.19: installs what is missing, builds the web and the workers of ingest once, then hands over to the Node 24 that npm installed.
import { spawn } from 'node:child_process'
import { BUILT_WORKERS, ensureInstalled, ensurePorts, ensureWeb, ensureWorkers, isInstalled, isWebBuilt, node24, root } from './install.mjs'

const args = process.argv.slice(2)
const command = args.find((arg) => !arg.startsWith('-')) ?? ''

if (command === 'up' && !args.includes('--help') && !(isInstalled() && isWebBuilt())) await ensurePorts(args)
await ensureInstalled()
if (['build', 'up', 'query'].includes(command) && !args.includes('--help')) await ensureWeb()
const ingests = ['build', 'up', 'ingest'].includes(command) && !args.includes('--help')
if (ingests) await ensureWorkers()

// The agent lives beside what it watches: neither garbage nor memory that is kept for each thread may make it large.
const small = command === 'agent'
const flags = ['--disable-warning=ExperimentalWarning', ...(small ? ['--max-semi-space-size=1'] : [])]
const env = { ...(ingests ? BUILT_WORKERS : {}), ...(small ? { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' } : {}), ...process.env }
const child = spawn(node24(), [...flags, `${root}/cli/src/main.ts`, ...args], { stdio: 'inherit', env })
// Whoever signals this process alone means the child; of a group both get the signal, and the child takes the two for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
child.on('error', (error) => {
  console.error(`skein: could not start Node 24 (${error.message}). Remove node_modules and run npm start again.`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)))
