import type { Config } from '@skein/schemas/config'
import type { KeyRecord } from '@skein/schemas/key'
import { prepareDataDirectory } from '../data-directory.ts'
import { openKeys } from '../roles/metadata.ts'
import { StartError } from '../start-error.ts'

const DAY_MS = 86_400_000

export async function createKey(config: Config, wanted: { label: string; tenant: string; days: string | undefined }): Promise<void> {
  const days = wanted.days === undefined ? null : Number(wanted.days)
  if (days !== null && !(days > 0 && days <= 3650)) throw new StartError(`--days must be a number from 1 to 3650, not "${wanted.days}"`)
  await withKeys(config, async (keys) => {
    const { text, record } = await keys.create({
      type: 'sec',
      tenant: wanted.tenant,
      label: wanted.label,
      ...(days === null ? {} : { expiresAtMs: Date.now() + days * DAY_MS }),
    })
    print(`${text}`)
    print(`This is the only time it is shown. Its id is ${record.id}. Send it as the header "x-skein-key", for an OpenTelemetry SDK:`)
    print(`  OTEL_EXPORTER_OTLP_HEADERS=x-skein-key=${text}`)
  })
}

export async function listKeys(config: Config): Promise<void> {
  await withKeys(config, async (keys) => {
    const records = await keys.list()
    if (records.length === 0) return print('No keys yet. Make one: skein keys create "what it is for"')
    const rows = [['ID', 'TYPE', 'TENANT', 'STATE', 'CREATED', 'LAST USED', 'LABEL'], ...records.map(row)]
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? []
    for (const cells of rows)
      print(
        cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
  })
}

export async function revokeKey(config: Config, id: string): Promise<void> {
  await withKeys(config, async (keys) => {
    if (!(await keys.revoke(id))) throw new StartError(`There is no key with the id "${id}"; skein keys list shows them.`)
    print(`${id} is revoked; collectors refuse it within seconds.`)
  })
}

function row(record: KeyRecord): string[] {
  const day = (ms: number | null): string => (ms === null ? '–' : new Date(ms).toISOString().slice(0, 16).replace('T', ' '))
  const expired = record.expiresAtMs !== null && record.expiresAtMs <= Date.now()
  const state = record.revokedAtMs !== null ? 'revoked' : expired ? 'expired' : record.expiresAtMs === null ? 'valid' : `until ${day(record.expiresAtMs)}`
  return [record.id, record.type, record.tenant, state, day(record.createdAtMs), day(record.lastUsedAtMs), record.label]
}

async function withKeys(config: Config, use: (keys: ReturnType<typeof openKeys>['keys']) => Promise<void>): Promise<void> {
  if (config.keysFile === undefined) await prepareDataDirectory(config)
  const { keys, metadata } = openKeys(config, true)
  try {
    await use(keys)
  } finally {
    await metadata.close()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
