import { findPrograms, inOwnFolder, type RealServer, run, startServer } from './server.ts'

/** A Redis of the demo's own that keeps nothing on disk, when this machine has one; null when not. */
export async function startRedis(port: number, path: string | undefined): Promise<RealServer | null> {
  const [program] = findPrograms(['redis-server'], path) ?? []
  if (program === undefined) return null
  return inOwnFolder('redis', async (folder) => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, '--maxmemory', '32mb']
    const server = await startServer({ program, args, port, signal: 'SIGTERM', cwd: folder })
    const { stdout } = await run(program, ['--version'])
    return { ...server, what: `Redis ${/v=([\d.]+)/.exec(stdout)?.[1] ?? ''}`.trim() }
  })
}
