import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const SCRIPT = `
import { Session } from 'chdb'
const session = new Session(process.argv[1])
const ask = (sql) => JSON.parse(session.query(sql + " WHERE tenant != ''", 'JSONEachRow'))
const spans = ask('SELECT count() AS rows, uniqExact(trace_id, span_id) AS spans FROM skein.spans')
const links = ask('SELECT count() AS linkRows, uniqExact(linked_trace, linked_span, trace_id, span_id) AS links FROM skein.span_links')
process.stdout.write(JSON.stringify({ ...spans, ...links }))
session.close?.()
process.exit(0)
`

export interface RowsOnDisk {
  /** Rows of the table of spans, and different spans in it; the same of links. */
  rows: number
  spans: number
  linkRows: number
  links: number
}

/** Asked of the engine itself after Skein let go of it. */
export async function rowsOnDisk(storeDirectory: string): Promise<RowsOnDisk> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT, `${storeDirectory}/engine`], {
    cwd: import.meta.dirname,
  })
  const { rows, spans, linkRows, links } = JSON.parse(stdout) as Record<keyof RowsOnDisk, number | string>
  return { rows: Number(rows), spans: Number(spans), linkRows: Number(linkRows), links: Number(links) }
}
