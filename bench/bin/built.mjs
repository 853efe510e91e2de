// `node bench/bin/built.mjs worker|partners [arguments]`: a bench of one thread as one script, as workers of ingest run.
import { join } from 'node:path'
import { node24, root, run, toolEnvironment } from '../../cli/bin/install.mjs'

const [name, ...args] = process.argv.slice(2)
const out = join(root, 'bench', 'out', 'built')
const rolldown = join(root, 'node_modules', '.bin', 'rolldown')
await run(rolldown, [join(root, 'bench', 'src', `${name}.ts`), '--platform', 'node', '--format', 'esm', '--dir', out, '--log-level', 'silent'], {
  stdio: ['ignore', 'ignore', 2],
})
await run(node24(), [join(out, `${name}.js`), ...args], { env: toolEnvironment() })
