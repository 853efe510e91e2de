import { findPrograms, ownFolder, type RealServer, run, startServer } from './server.ts'

/** A Redis of the demo's own that keeps nothing on disk, when this machine has one; null when not. */
export async function startRedis(port: number, path: string | undefined): Promise<RealServer | null> {
  const [program] = findPrograms(['redis-server'], path) ?? []
  if (program === undefined) return null
  const { folder, remove } = ownFolder('redis')
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, '--maxmemory', '32mb']
  try {
    const server = await startServer({ program, args, port, signal: 'SIGTERM', cwd: folder })
    const { stdout } = await run(program, ['--version'])
    return {
      what: `Redis ${/v=([\d.]+)/.exec(stdout)?.[1] ?? ''}`.trim(),
      ward: server.ward,
      async stop() {
        await server.stop()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
