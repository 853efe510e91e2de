import { execFileSync } from 'node:child_process'

const INSTALLER = new URL('../../../cli/bin/install.mjs', import.meta.url).href

/** Makes the scripts of workers as the launcher does, when their sources changed. */
export function buildWorkers(): void {
  execFileSync(process.execPath, ['--input-type=module', '--eval', `const { ensureWorkers } = await import('${INSTALLER}'); await ensureWorkers()`], {
    stdio: 'inherit',
  })
}
