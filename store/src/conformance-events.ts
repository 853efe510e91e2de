import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { PostedEvent } from './contract-events.ts'

const MINUTE_MS = 60_000
const HOUR_MS = Date.UTC(2026, 0, 2, 20)
const TV = { environment: 'prod', cluster: 'c1', namespace: 'n1', service: 'tv' }

/** Changes told of, and changes seen. */
export function eventLaws(suite: Suite): void {
  postLaws(suite)
  versionLaws(suite)
}

function postLaws(suite: Suite): void {
  test('what was told is there when the promise resolves, as it was told, and after a restart', async () => {
    const tenant = suite.fresh('tenant')
    const told = event({ id: "deploy'1", title: "v2 \u2028 <b>'", attributes: { commit: 'ab', 'k"': '\\' }, link: 'https://x.example/1', toVersion: '2' })
    expect(await suite.store().events.post(tenant, told)).toEqual(told)
    expect(await suite.store().events.posted(windowOf(tenant), 10)).toEqual([told])
    expect(await (await suite.reopen()).events.posted(windowOf(tenant), 10)).toEqual([told])
  })

  test('an id counts once, the first of it, one after the other or at the same time', async () => {
    const tenant = suite.fresh('tenant')
    const { events } = suite.store()
    const first = event({ id: 'a' })
    await events.post(tenant, first)
    expect(await events.post(tenant, event({ id: 'a', title: 'other', timeMs: HOUR_MS + 48 * 60 * MINUTE_MS }))).toEqual(first)
    const answers = await Promise.all(Array.from({ length: 4 }, (_, at) => events.post(tenant, event({ id: 'b', title: `b${at}`, timeMs: HOUR_MS + 1 }))))
    expect(new Set(answers.map(({ title }) => title)).size).toBe(1)
    expect((await events.posted(windowOf(tenant), 10)).map(({ id }) => id)).toEqual(['a', 'b'])
    await events.post(suite.fresh('tenant'), event({ id: 'a' }))
    expect(await events.posted(windowOf(tenant), 10)).toHaveLength(2)
    await events.post(`${tenant}:b`, event({ id: 'c' }))
    expect(await events.post(tenant, event({ id: 'b:c', title: 'mine' }))).toMatchObject({ title: 'mine' })
    expect((await events.posted(windowOf(tenant), 10)).map(({ id }) => id)).toContain('b:c')
  })

  test('a window has the events that begin in it, the newest when there are too many', async () => {
    const tenant = suite.fresh('tenant')
    const { events } = suite.store()
    for (const at of [-1, 0, 1, 2, 60]) await events.post(tenant, event({ id: `e${at}`, timeMs: HOUR_MS + at * MINUTE_MS }))
    expect((await events.posted(windowOf(tenant), 10)).map(({ id }) => id)).toEqual(['e0', 'e1', 'e2'])
    expect((await events.posted(windowOf(tenant), 2)).map(({ id }) => id)).toEqual(['e1', 'e2'])
  })
}

function versionLaws(suite: Suite): void {
  test('a version starts in its first minute, with the one before and its share of instances', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await plant(suite, window.tenant, [
      ...minutes(-30, 9).flatMap((at) => [ran(at, '1.0', 'a'), ran(at, '1.0', 'b')]),
      ...minutes(10, 11).flatMap((at) => [ran(at, '1.0', 'a'), ran(at, '1.1', 'c'), ran(at, '1.0', 'b')]),
      ...minutes(12, 20).flatMap((at) => [ran(at, '1.0', 'a'), ran(at, '1.1', 'c'), ran(at, '1.1', 'd')]),
      { ...ran(12, '9', 'x'), service: 'new', calls: 1 },
      { ...ran(5, '', 'x'), service: 'nameless' },
      { ...ran(6, '2', 'x'), service: 'nameless' },
    ])
    expect(await suite.store().events.versions(window)).toEqual([
      { ...TV, minuteMs: HOUR_MS + 10 * MINUTE_MS, fromVersion: '1.0', toVersion: '1.1', instances: 2, instancesOfAll: 3 },
    ])
  })

  test('a roll-back is a start again, a pause is none, and what began before the window is not of it', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await plant(suite, window.tenant, [
      ...minutes(-200, -150).map((at) => ran(at, '1', 'a')),
      ...minutes(-149, 30).map((at) => ran(at, '2', 'a')),
      ...minutes(31, 40).map((at) => ran(at, '1', 'a')),
      ...minutes(-100, -90).map((at) => ({ ...ran(at, '7', 'p'), service: 'paused' })),
      { ...ran(10, '7', 'p'), service: 'paused' },
    ])
    expect(
      (await suite.store().events.versions(window)).map(({ service, minuteMs, fromVersion, toVersion }) => [service, minuteMs, fromVersion, toVersion]),
    ).toEqual([['tv', HOUR_MS + 31 * MINUTE_MS, '2', '1']])
  })

  test('an instance starts when it was not seen in the hour before and others were', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await plant(suite, window.tenant, [
      ran(-20, '1', 'old'),
      ran(3, '1', 'old'),
      ran(4, '1', 'fresh'),
      ran(5, '1', 'fresh'),
      { ...ran(4, '1', 'x'), service: 'first' },
    ])
    expect(await suite.store().events.instanceStarts(window, ['tv', 'first'])).toEqual([{ ...TV, instance: 'fresh', minuteMs: HOUR_MS + 4 * MINUTE_MS }])
    expect(await suite.store().events.instanceStarts(window, [])).toEqual([])
  })
}

function event(more: Partial<PostedEvent>): PostedEvent {
  return { id: 'x', timeMs: HOUR_MS, kind: 'deploy', title: 't', ...TV, fromVersion: '', toVersion: '', link: '', attributes: {}, ...more }
}

function windowOf(tenant: string) {
  return { tenant, startMs: HOUR_MS, endMs: HOUR_MS + 60 * MINUTE_MS }
}

/** From one minute of the hour to another, both included. */
function minutes(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

function ran(minute: number, version: string, instance: string): HandRow {
  return { ...TV, minute: HOUR_MS + minute * MINUTE_MS, version, instance, calls: 1 }
}

function plant(suite: Suite, tenant: string, rows: readonly HandRow[]): Promise<void> {
  return insertRows(suite, 'instances', tenant, rows)
}
