/**
 * `node agent/src/tail.bench.ts [MiB] [compression]` writes a log file and has the agent read it to a collector that answers 200 at once, in a
 * process of its own. Prints MiB of log a second of wall clock and of processor time (one core), and the memory it took.
 */
import { fork } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, cpuUsage, memoryUsage, stdout } from 'node:process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { agentConfigSchema } from '@skein/schemas/agent-config'
import { createAgent } from './agent.ts'

const MIB = 1024 * 1024

async function writeLog(path: string, bytes: number): Promise<void> {
  const out = createWriteStream(path)
  let written = 0
  for (let line = 0; written < bytes; line++) {
    const second = String(line % 60).padStart(2, '0')
    const text = `2026-11-25T20:01:${second}.${String(line % 1000).padStart(3, '0')}Z INFO epg request ${randomBytes(8).toString('hex')} GET /v1/programs/${line} 200 ${line % 300}ms\n`
    written += text.length
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

/** Writes the log, then takes what is sent; tells the port once it is ready. */
async function serveSink(path: string, bytes: number): Promise<void> {
  await writeLog(path, bytes)
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.end())
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

async function measure(mib: number, compression: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-tail-'))
  mkdirSync(join(directory, 'logs'))
  const path = join(directory, 'logs', 'epg.log')
  const sink = fork(import.meta.filename, ['--sink', path, String(mib * MIB)])
  const [port] = (await once(sink, 'message')) as [number]
  const bytes = statSync(path).size
  const config = agentConfigSchema.parse({
    compression,
    files: [{ include: [path], startAt: 'beginning' }],
  })
  const quiet = (): void => undefined
  const agent = createAgent({
    config,
    endpoint: `http://127.0.0.1:${port}`,
    dataDirectory: join(directory, 'data'),
    workingDirectory: directory,
    hostName: 'bench',
    version: 'bench',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    clock: Date.now,
    nowMs: () => performance.now(),
    random: Math.random,
    randomBytes,
  })
  const cpuBefore = cpuUsage()
  const startMs = performance.now()
  await agent.start()
  let peakBytes = 0
  while (agent.counters.bytes < bytes) {
    peakBytes = Math.max(peakBytes, memoryUsage.rss())
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const wallMs = performance.now() - startMs
  const { user, system } = cpuUsage(cpuBefore)
  await agent.stop(1000)
  sink.kill()
  rmSync(directory, { recursive: true })
  const perSecond = (ms: number): string => ((bytes / MIB / ms) * 1000).toFixed(0)
  const rates = `${perSecond(wallMs)} MiB/s of wall clock, ${perSecond((user + system) / 1000)} MiB/s a core`
  stdout.write(`${compression}: ${mib} MiB, ${agent.counters.records} lines: ${rates}, peak ${(peakBytes / MIB).toFixed(0)} MiB\n`)
}

if (argv[2] === '--sink') await serveSink(argv[3] ?? '', Number(argv[4]))
else await measure(Number(argv[2] ?? 512), argv[3] ?? 'auto')
