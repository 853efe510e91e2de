import { PathRow } from '@skein/schemas/path'
import { MAX_PATH_ENTRIES, MAX_PATH_ITEMS, MAX_PATH_RELEASES, type PathItemRow, type PathQuestions } from '../contract-paths.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { entryText, readContributor, readEntry, readExemplar, readSight, readSteps, type PathEntry } from '../path-text.ts'
import { asBytes, asHistogram, asNumber, asText } from '../sql/column.ts'
import { int64, sql, text, texts, uint32 } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { summedHistogram } from './red.ts'

export function createPathQuestions(engine: Engine): PathQuestions {
  return {
    async entries(window) {
      const rows = await engine.ask(pathEntriesQuery(window))
      return rows.map(({ entry, ...row }) => ({ ...row, entry: readEntry(entry) }))
    },
    async mentions(window, name) {
      const rows = await engine.ask(pathMentionsQuery(window, name))
      return rows.map(({ entry, item, timeNs }) => ({ entry: readEntry(entry), contributor: readContributor(item), timeNs }))
    },
    async times(window) {
      const rows = await engine.ask(pathTimesQuery(window))
      return { rows: rows.map(({ item, ...row }) => ({ contributor: readContributor(item), ...row })), whole: rows.length < MAX_PATH_ITEMS }
    },
    async traces(window, entries, named) {
      if (entries.length === 0) return []
      const rows = await engine.ask(pathTracesQuery(window, entries, named))
      const byEntry = [...Map.groupBy(rows, ({ entry }) => entry)]
      const told = byEntry.map(async ([text, of]) => {
        const entry = readEntry(text)
        const releases = of.map((row) => ({ ...row, entry }))
        if (of.length < MAX_PATH_RELEASES) return releases
        const rest = await engine.ask(
          otherReleasesQuery(
            window,
            entry,
            of.map(({ release }) => release),
          ),
        )
        return [...releases, ...rest.map((row) => ({ ...row, entry, release: null }))]
      })
      return (await Promise.all(told)).flat()
    },
    async items(window, entry, release) {
      return (await engine.ask(pathItemsQuery(window, entry, release))).map(itemRow)
    },
    async partDurations(window, entry, of) {
      const rows = await engine.ask(partDurationsQuery(window, entry, of))
      return rows.map(({ item, duration }) => ({ contributor: readContributor(item), duration }))
    },
    notes: (window) => engine.ask(pathNotesQuery(window)),
  }
}

const SOME_TRACES = sql`sum(traces) > 0`

/** Whole traces, and what time they took together. */
const TRACE_COLUMNS = { traces: asNumber(sql`sum(traces)`), timeNs: asNumber(sql`sum(time)`) } as const

export function pathEntriesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { entry: asText(sql`entry`), errors: asNumber(sql`sum(errors)`), ...TRACE_COLUMNS },
    where: [rowsOf(PathRow.entry), minutesOf(window)],
    groupBy: sql`entry`,
    having: [SOME_TRACES],
    orderBy: sql`sum(time) DESC, entry`,
    limit: MAX_PATH_ENTRIES,
  })
}

/** By the text of the name alone, which is found in each dictionary once: who reads the rows looks where it stands. */
export function pathMentionsQuery(window: TenantWindow, name: string) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { entry: asText(sql`entry`), item: asText(sql`item`), timeNs: asNumber(sql`sum(time)`) },
    where: [rowsOf(PathRow.part), sql`position(item, ${text(JSON.stringify(name))}) > 0`, minutesOf(window)],
    groupBy: sql`entry, item`,
    having: [SOME_TRACES],
    orderBy: sql`sum(time) DESC, entry, item`,
    limit: MAX_PATH_ITEMS,
  })
}

/** By latency band, so that how much own time varies from trace to trace can be told without adding histograms up. */
export function pathTimesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { item: asText(sql`any(item)`), band: asNumber(sql`band`), traces: asNumber(sql`sum(traces)`), timeNs: asNumber(sql`sum(time)`) },
    where: [rowsOf(PathRow.part), minutesOf(window)],
    groupBy: sql`band, cityHash64(item)`,
    having: [SOME_TRACES],
    orderBy: sql`sum(time) DESC, band, any(item)`,
    limit: MAX_PATH_ITEMS,
  })
}

/** Apart from the sums of all entries, since to add histograms up costs more than all else. */
export function pathTracesQuery(window: TenantWindow, entries: readonly PathEntry[], named: readonly string[] = []) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { entry: asText(sql`entry`), release: asText(sql`release`), ...TRACE_COLUMNS, duration: asHistogram(summedHistogram(sql`duration`)) },
    where: [rowsOf(PathRow.entry), sql`entry IN ${texts(entries.map(entryText))}`, minutesOf(window)],
    groupBy: sql`entry, release`,
    having: [SOME_TRACES],
    orderBy: sql`entry, has(${texts(named)}, release) DESC, sum(traces) DESC, release`,
    limitBy: { rows: MAX_PATH_RELEASES, by: sql`entry` },
  })
}

/** Of the whole traces of an entry those of no such release, together. */
export function otherReleasesQuery(window: TenantWindow, entry: PathEntry, releases: readonly string[]) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { ...TRACE_COLUMNS, duration: asHistogram(summedHistogram(sql`duration`)) },
    where: [rowsOf(PathRow.entry), isEntry(entry), sql`release NOT IN ${texts(releases)}`, minutesOf(window)],
    having: [SOME_TRACES],
  })
}

const ITEM_COLUMNS = {
  what: asNumber(sql`what`),
  band: asNumber(sql`band`),
  item: asText(sql`any(item)`),
  traces: asNumber(sql`sum(traces)`),
  count: asNumber(sql`sum(count)`),
  timeNs: asNumber(sql`sum(time)`),
  errors: asNumber(sql`sum(errors)`),
  retries: asNumber(sql`sum(retries)`),
  savingNs: asNumber(sql`sum(saving)`),
  slowest: asBytes(sql`base64Encode(max(slowest))`),
} as const

/** Own time, findings and shapes of an entry by latency band: one reading. */
export function pathItemsQuery(window: TenantWindow, entry: PathEntry, release: string | undefined) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: ITEM_COLUMNS,
    where: [sql`what >= ${uint32(PathRow.part)}`, sql`what <= ${uint32(PathRow.shape)}`, isEntry(entry), minutesOf(window), ...ofRelease(release)],
    // by a number of the item: several keys of which one is a text are put together byte by byte for each row
    groupBy: sql`what, band, cityHash64(item)`,
    having: [SOME_TRACES],
    orderBy: sql`what, sum(time) DESC, band, any(item)`,
    limitBy: { rows: MAX_PATH_ITEMS, by: sql`what` },
  })
}

export function partDurationsQuery(window: TenantWindow, entry: PathEntry, of: { fromBand: number; toBand: number; release?: string | undefined }) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { item: asText(sql`item`), duration: asHistogram(summedHistogram(sql`duration`)) },
    where: [
      rowsOf(PathRow.part),
      isEntry(entry),
      sql`band >= ${int64(of.fromBand)}`,
      sql`band <= ${int64(of.toBand)}`,
      minutesOf(window),
      ...ofRelease(of.release),
    ],
    groupBy: sql`item`,
    having: [SOME_TRACES],
    orderBy: sql`sum(time) DESC, item`,
    limit: MAX_PATH_ITEMS,
  })
}

export function pathNotesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'path_time',
    columns: { code: asText(sql`item`), count: asNumber(sql`sum(traces)`) },
    where: [rowsOf(PathRow.note), minutesOf(window)],
    groupBy: sql`item`,
    having: [SOME_TRACES],
    orderBy: sql`item`,
  })
}

function rowsOf(what: number): Fragment {
  return sql`what = ${uint32(what)}`
}

function isEntry(entry: PathEntry): Fragment {
  return sql`entry = ${text(entryText(entry))}`
}

function ofRelease(release: string | undefined): Fragment[] {
  return release === undefined ? [] : [sql`release = ${text(release)}`]
}

function itemRow({ what, item, slowest, ...row }: RowOf<typeof ITEM_COLUMNS>): PathItemRow {
  const numbers = { ...row, exemplar: readExemplar(slowest) }
  if (what === PathRow.part) return { what: 'part', ...numbers, of: readContributor(item) }
  if (what === PathRow.finding) return { what: 'finding', ...numbers, of: readSight(item) }
  return { what: 'shape', ...numbers, of: readSteps(item) }
}
