import { existsSync } from 'node:fs'
import packaged from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** In one process the browser would end with the first closed tab. */
const PACKAGED = packaged.args.filter((arg) => arg !== '--single-process')
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * A real Chromium: `SKEIN_TEST_CHROMIUM`, the system's, else the one of the npm package. Null, said loudly, where none runs;
 * under CI that is an error.
 */
export async function launchChromium(): Promise<Browser | null> {
  const tried: string[] = []
  for (const find of [() => process.env['SKEIN_TEST_CHROMIUM'], () => SYSTEM.find((path) => existsSync(path)), () => packaged.executablePath()]) {
    const executablePath = await find()
    if (executablePath === undefined) continue
    try {
      return await chromium.launch({ executablePath, args: executablePath.startsWith('/usr') ? QUIET : [...PACKAGED, ...QUIET], headless: true })
    } catch (error) {
      tried.push(`${executablePath}: ${String(error).split('\n')[0]}`)
    }
  }
  const message = `NO CHROMIUM: the browser suite cannot run (${tried.join('; ')})`
  if (process.env['CI'] === 'true') throw new Error(message)
  console.warn(message)
  return null
}
