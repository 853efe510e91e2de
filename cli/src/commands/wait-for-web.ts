import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 200
const ANSWER_MS = 2000

/**
 * Waits until the web and API at an address can do their work, which Skein takes spans some seconds before. Says so where it has to wait, and
 * what to do where it waited in vain.
 */
export async function waitForWeb(api: string, say: (line: string) => void, waitMs = 30_000): Promise<void> {
  const deadline = performance.now() + waitMs
  if (await isReady(api)) return
  say(`Waiting for ${api} …`)
  while (performance.now() < deadline) {
    await sleep(LOOK_MS)
    if (await isReady(api)) return
  }
  say(`${api} is not ready after ${waitMs / 1000} s (skein doctor says why). Rules and scenarios may be missing: start the demo again once it is.`)
}

async function isReady(api: string): Promise<boolean> {
  const response = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null)
  await response?.body?.cancel()
  return response?.ok === true
}
