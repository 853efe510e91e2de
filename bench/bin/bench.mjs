// `npm run bench`: prints a table and writes bench/out/bench.json. Options: --runs 5 --spans 600000 --only end-to-end|freshness|map-api
import { ensureInstalled, ensureWeb, node24, root, run } from '../../cli/bin/install.mjs'

await ensureInstalled()
await ensureWeb()
await run(node24(), ['--disable-warning=ExperimentalWarning', `${root}/bench/src/main.ts`, ...process.argv.slice(2)]).catch(() => process.exit(1))
