import { renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPrograms, inOwnFolder, type RealServer, run, startServer } from './server.ts'

const ROTATE_BYTES = 16 * 1024 * 1024
const LOOK_MS = 5000

export interface NginxPlan {
  port: number
  gatewayPort: number
  /** Where the access log shows as nginx_access.log (a link: Nginx may not write there); unset: there is none. */
  logFolder: string | undefined
}

/** An Nginx between the viewers and the gateway, when this machine has one; null when not. It sends no spans: what the map shows of it comes from its access log. */
export async function startNginx({ port, gatewayPort, logFolder }: NginxPlan, path: string | undefined): Promise<RealServer | null> {
  const [program] = findPrograms(['nginx'], path) ?? []
  if (program === undefined) return null
  return inOwnFolder('nginx', async (folder) => {
    const config = join(folder, 'nginx.conf')
    const accessLog = join(folder, 'access.log')
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${join(folder, name)};`)
    writeFileSync(
      config,
      `daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')};
events { worker_connections 512; }
http {
  log_format calls '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
    'rt=$request_time urt=$upstream_response_time us=$upstream_status upstream_name=$proxy_host';
  access_log ${logFolder === undefined ? 'off' : `${accessLog} calls`};
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
    const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', config]
    const server = await startServer({ program, args, port, signal: 'SIGTERM', cwd: folder })
    if (logFolder !== undefined) symlinkSync(accessLog, join(logFolder, 'nginx_access.log'))
    const { stderr } = await run(program, ['-v'])
    const rotation = logFolder === undefined ? undefined : rotate(accessLog, () => server.tell('SIGUSR1'))
    const stop = (): Promise<void> => {
      clearInterval(rotation)
      return server.stop()
    }
    return { ward: server.ward, stop, what: `Nginx ${/nginx\/([\d.]+)/.exec(stderr)?.[1] ?? ''}`.trim() }
  })
}

/** As logrotate does: an access log that has grown is renamed, in place of the one renamed before, and Nginx told to begin it anew. */
function rotate(accessLog: string, reopen: () => void): NodeJS.Timeout {
  const rotation = setInterval(() => {
    if ((statSync(accessLog, { throwIfNoEntry: false })?.size ?? 0) < ROTATE_BYTES) return
    renameSync(accessLog, `${accessLog}.1`)
    reopen()
  }, LOOK_MS)
  return rotation.unref()
}
