import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPrograms, ownFolder, type RealServer, run, startServer } from './server.ts'

/** An Nginx between the viewers and the gateway, when this machine has one; null when not. It sends no spans, so the map does not show it. */
export async function startNginx(port: number, gatewayPort: number, path: string | undefined): Promise<RealServer | null> {
  const [program] = findPrograms(['nginx'], path) ?? []
  if (program === undefined) return null
  const { folder, remove } = ownFolder('nginx')
  const config = join(folder, 'nginx.conf')
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${join(folder, name)};`)
  writeFileSync(
    config,
    `daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')};
events { worker_connections 512; }
http {
  access_log off;
${folders.join('\n')}
  upstream gateway { server 127.0.0.1:${gatewayPort}; keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host tv.example;
    }
  }
}
`,
  )
  try {
    const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', config]
    const server = await startServer({ program, args, port, signal: 'SIGTERM', cwd: folder })
    const { stderr } = await run(program, ['-v'])
    return {
      what: `Nginx ${/nginx\/([\d.]+)/.exec(stderr)?.[1] ?? ''}`.trim(),
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
