// `npm run bench`: prints a table and writes bench/out/bench.json. Options: --runs 5 --spans 600000 --only end-to-end|freshness|map-api
import { BUILT_WORKERS, ensureInstalled, ensureWeb, ensureWorkers, node24, root, run, toolEnvironment } from '../../cli/bin/install.mjs'

await ensureInstalled()
await ensureWeb()
await ensureWorkers()
const env = { ...toolEnvironment(), ...BUILT_WORKERS }
await run(node24(), ['--disable-warning=ExperimentalWarning', `${root}/bench/src/main.ts`, ...process.argv.slice(2)], { env }).catch(() => process.exit(1))
