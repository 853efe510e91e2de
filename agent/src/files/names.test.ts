import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { podOf } from '../containers/pod-path.ts'
import { folderForTests } from '../folder-for-tests.ts'
import { createGlobWalk } from './glob.ts'
import { areOfOneLog, basePathOf, isRotationOf } from './rotation.ts'

describe('names of rotated files', () => {
  it.each([
    'app.log.1',
    'app.log.12',
    'app.log.1.gz',
    'app.log.gz',
    'app.log-20261125',
    'app.log-2026-11-25T20:00.gz',
    'app.log.old',
    'app-2026-11-25.log',
    'app.1.log',
  ])('are told from others: %s is of app.log', (name) => expect(isRotationOf(name, 'app.log')).toBe(true))
  it.each(['app.log', 'app.log.audit', 'apps.log.1', 'app.log.1.tmp', 'app-admin.log', 'other.log.1', 'app.log.1.zip'])('and %s is not', (name) =>
    expect(isRotationOf(name, 'app.log')).toBe(false),
  )

  it('lead to the log they are of', () => {
    expect(basePathOf('/l/app.log.2.gz')).toBe('/l/app.log')
    expect(basePathOf('/l/app.log')).toBe('/l/app.log')
    expect(areOfOneLog('/l/app.log.1', '/l/app.log.2.gz')).toBe(true)
    expect(areOfOneLog('/l/app.log', '/l/app.log.1')).toBe(true)
    expect(areOfOneLog('/l/app.log', '/l/app.log')).toBe(false)
    expect(areOfOneLog('/l/app.log.1', '/m/app.log')).toBe(false)
  })
})

describe('globs', () => {
  const root = folderForTests()
  for (const path of ['a/x/1.log', 'a/x/.hidden.log', 'a/y/2.log', 'a/y/z/3.log', 'b/4.txt']) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  symlinkSync(join(root, 'a'), join(root, 'a', 'y', 'loop'))
  const walk = (include: string, exclude: string[] = []) => createGlobWalk({ include, exclude, directory: root, clock: Date.now })
  const find = (include: string, exclude: string[] = []): string[] =>
    walk(include, exclude)
      .find()
      .map((path) => path.slice(root.length + 1))
      .sort()

  it('find files at any depth, never twice through a link', () => {
    expect(find('a/*/*.log')).toEqual(['a/x/1.log', 'a/y/2.log'])
    expect(find('a/**/*.log')).toEqual(['a/x/1.log', 'a/y/2.log', 'a/y/z/3.log'])
    expect(find('**').filter((path) => !path.endsWith('loop'))).toEqual(['a/x/1.log', 'a/y/2.log', 'a/y/z/3.log', 'b/4.txt'])
    expect(find('[ab]/*.{log,txt}')).toEqual(['b/4.txt'])
    expect(find(join(root, 'a', 'x', '1.log'))).toEqual(['a/x/1.log'])
    expect(find('nowhere/*')).toEqual([])
  })

  it('are told anew when a directory changed, and only then, however often it is listed again', () => {
    const directory = folderForTests()
    writeFileSync(join(directory, '1.log'), '')
    utimesSync(directory, 1_700_000_000, 1_700_000_000)
    let nowMs = 1_800_000_000_000
    const walk = createGlobWalk({ include: '*.log', exclude: [], directory, clock: () => nowMs })
    const first = walk.find()
    for (let minute = 0; minute < 3; minute++) {
      nowMs += 61_000
      expect(walk.find()).toBe(first)
    }
    renameSync(join(directory, '1.log'), join(directory, '0.txt'))
    writeFileSync(join(directory, '1.log'), '')
    utimesSync(directory, 1_700_000_001, 1_700_000_001)
    expect(walk.find()).not.toBe(first)
    expect(walk.find()).toEqual(first)
    // Without times of directories the names alone tell.
    writeFileSync(join(directory, '2.log'), '')
    utimesSync(directory, 1_700_000_001, 1_700_000_001)
    nowMs += 61_000
    expect(walk.find()).toHaveLength(2)
  })

  it('are told rightly of directories that go and come back', () => {
    const directory = folderForTests()
    for (const name of ['a', 'b', 'c']) {
      mkdirSync(join(directory, name))
      writeFileSync(join(directory, name, '1.log'), '')
      utimesSync(join(directory, name), 1_700_000_000, 1_700_000_000)
    }
    const walk = createGlobWalk({ include: '{a,b,c}/*.log', exclude: [], directory, clock: () => 1_800_000_000_000 })
    utimesSync(directory, 1_700_000_000, 1_700_000_000)
    expect(walk.find()).toHaveLength(3)
    for (const name of ['a', 'b']) rmSync(join(directory, name), { recursive: true })
    utimesSync(directory, 1_700_000_001, 1_700_000_001)
    const left = walk.find()
    expect(left).toEqual([join(directory, 'c', '1.log')])
    expect(walk.find()).toBe(left)
    mkdirSync(join(directory, 'a'))
    writeFileSync(join(directory, 'a', '2.log'), '')
    utimesSync(join(directory, 'a'), 1_700_000_000, 1_700_000_000)
    utimesSync(directory, 1_700_000_002, 1_700_000_002)
    expect(walk.find()).toEqual([join(directory, 'a', '2.log'), join(directory, 'c', '1.log')])
  })

  it('leave out by name and by path', () => {
    expect(find('a/**/*.log', ['3.log'])).toEqual(['a/x/1.log', 'a/y/2.log'])
    expect(find('a/**/*.log', ['a/y/**'])).toEqual(['a/x/1.log'])
  })

  it('see what comes and goes, in directories old and new', () => {
    const later = walk('c/**/*.log')
    expect(later.find()).toEqual([])
    mkdirSync(join(root, 'c', 'd'), { recursive: true })
    writeFileSync(join(root, 'c', 'd', '1.log'), '')
    const old = new Date(Date.now() - 60_000)
    expect(later.find()).toEqual([join(root, 'c', 'd', '1.log')])
    for (const directory of ['c', 'c/d']) utimesSync(join(root, directory), old, old)
    expect(later.find()).toEqual(later.find())
    expect(later.find()).toBe(later.find())
    writeFileSync(join(root, 'c', 'd', '2.log'), '')
    expect(later.find()).toHaveLength(2)
    rmSync(join(root, 'c'), { recursive: true })
    expect(later.find()).toEqual([])
  })
})

describe('paths of containers', () => {
  it.each([
    ['checkout-7d9f8c6b5d-x2x4z', 'checkout'],
    ['fluent-bit-x2x4z', 'fluent-bit'],
    ['kafka-0', 'kafka'],
    ['report-29410560-x2x4z', 'report'],
    ['etcd-node-a', 'etcd-node-a'],
    ['my-api', 'my-api'],
  ])('the pod %s belongs to %s', (pod, workload) => {
    expect(podOf(`/var/log/pods/shop_${pod}_6f1b7a52/app/0.log`)?.workload).toBe(workload)
  })

  it('are read from links and from Docker too', () => {
    const id = 'ab'.repeat(32)
    expect(podOf(`/var/log/containers/kafka-0_data_broker-${id}.log`)).toEqual({
      workload: 'kafka',
      attributes: { 'k8s.namespace.name': 'data', 'k8s.pod.name': 'kafka-0', 'k8s.container.name': 'broker', 'container.id': id },
    })
    expect(podOf(`/var/lib/docker/containers/${id}/${id}-json.log`)?.attributes).toEqual({ 'container.id': id })
    expect(podOf('/var/log/nginx/access.log')).toBeNull()
  })
})
