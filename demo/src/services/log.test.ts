import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { openLog } from './log.ts'

afterEach(() => void vi.useRealTimers())

it('a log file that somebody removed, folder and all, is begun anew, and the service goes on', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const folder = join(mkdtempSync(join(tmpdir(), 'skein-demo-log-')), 'logs')
  const log = openLog(folder, { name: 'epg-1', version: '1' })
  log.info('before')
  rmSync(folder, { recursive: true })
  vi.advanceTimersByTime(5000)
  log.info('after')
  const text = readFileSync(join(folder, 'epg-1.log'), 'utf8')
  expect(text).toContain('"msg":"after"')
  vi.advanceTimersByTime(5000)
  expect(existsSync(join(folder, 'epg-1.log.1')), 'a small file is not put aside').toBe(false)
  rmSync(join(folder, '..'), { recursive: true })
})
