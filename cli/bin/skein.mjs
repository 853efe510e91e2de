#!/usr/bin/env node
// Runs on any Node ≥ 20.19: installs what is missing, builds the web once, then hands over to the Node 24 that npm installed.
import { spawn } from 'node:child_process'
import { ensureInstalled, ensureWeb, node24, root } from './install.mjs'

const args = process.argv.slice(2)
const command = args.find((arg) => !arg.startsWith('-')) ?? ''

await ensureInstalled()
if (['build', 'up', 'query'].includes(command) && !args.includes('--help')) await ensureWeb()
if (command === 'build') process.exit(0) // what an image or a package needs before its first start

const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', `${root}/cli/src/main.ts`, ...args], { stdio: 'inherit' })
// A terminal sends Ctrl-C to the whole group; a service manager sends SIGTERM to this process alone.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGHUP', () => child.kill('SIGTERM'))
child.on('error', (error) => {
  console.error(`skein: could not start Node 24 (${error.message}). Remove node_modules and run npm start again.`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)))
