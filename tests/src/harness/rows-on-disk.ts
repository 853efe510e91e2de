import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const SCRIPT = `
import { Session } from 'chdb'
const session = new Session(process.argv[1])
process.stdout.write(session.query("SELECT count() AS rows, uniqExact(trace_id, span_id) AS spans FROM skein.spans WHERE tenant != ''", 'JSONEachRow'))
session.close?.()
process.exit(0)
`

/** Rows of the spans table and different spans in it, asked of the engine itself after Skein let go of it. */
export async function rowsOnDisk(storeDirectory: string): Promise<{ rows: number; spans: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT, `${storeDirectory}/engine`], {
    cwd: import.meta.dirname,
  })
  const { rows, spans } = JSON.parse(stdout) as { rows: number | string; spans: number | string }
  return { rows: Number(rows), spans: Number(spans) }
}
