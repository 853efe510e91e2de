import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@skein/cli/config'
import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet'
import { PriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1/PriorityClass'
import { Namespace } from 'kubernetes-models/v1/Namespace'
import { Secret } from 'kubernetes-models/v1/Secret'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')
const unit = readFileSync(join(ROOT, 'deploy', 'skein-agent.service'), 'utf8')
const manifest = readFileSync(join(ROOT, 'deploy', 'skein-agent.yaml'), 'utf8')
const documents = parseAllDocuments(manifest).map((document) => document.toJS() as { kind: string })
const models: Record<string, new (data: never) => { validate(): void }> = { DaemonSet, Namespace, PriorityClass, Secret }

interface Manifest {
  spec: {
    template: { spec: { containers: { args: string[]; env: { name: string; value?: string }[]; volumeMounts: { mountPath: string; name: string }[] }[] } }
  }
}

describe('manifest of the agent for Kubernetes', () => {
  it('is valid by the schemas of Kubernetes', () => {
    expect(documents.map(({ kind }) => kind)).toEqual(['Namespace', 'PriorityClass', 'Secret', 'DaemonSet'])
    for (const document of documents) {
      const Model = models[document.kind]
      if (Model === undefined) throw new Error(`no schema for ${document.kind}`)
      expect(() => new Model(document as never).validate()).not.toThrow()
      expect(() => new Model({ ...document, spec: { selector: 1 }, stringData: 1, metadata: 1 } as never).validate()).toThrow()
    }
  })

  it('adds no variable that is no setting, and its comments name settings that there are', async () => {
    expect(documents.find(({ kind }) => kind === 'DaemonSet')).toMatchObject({ spec: { template: { spec: { enableServiceLinks: false } } } })
    const advised = Object.fromEntries(
      [...manifest.matchAll(/^#.*$/gm)].flatMap(([line]) => [...line.matchAll(/(SKEIN_\w+)=([\w/]+)/g)].map((each) => each.slice(1, 3))),
    )
    expect((await loadConfig(undefined, advised)).agent.metrics).toMatchObject({ enabled: true, root: '/host' })
  })

  it('gives the agent settings without mistakes, with what it reads and keeps mounted', async () => {
    const [container] = (documents.find(({ kind }) => kind === 'DaemonSet') as unknown as Manifest).spec.template.spec.containers
    const { agent } = await loadConfig(undefined, Object.fromEntries(container?.env.map(({ name, value }) => [name, value ?? 'x']) ?? []))
    expect(container?.args).toEqual(['agent'])
    expect(agent).toMatchObject({ containers: true, cluster: 'my-cluster', endpoint: 'http://skein-collector.skein.svc:4318', healthPort: 4320 })
    expect(container?.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/var/log', '/var/lib/docker/containers', agent.dataDir])
  })
})

describe('systemd unit of the agent', () => {
  it('starts a command that there is', async () => {
    const line = unit.split('\n').find((text) => text.startsWith('ExecStart=')) ?? ''
    const [, flag = '', memory = '', main = '', ...words] = line.slice('ExecStart='.length).split(' ')
    const help = spawnSync(process.execPath, [flag, memory, main.replace('/opt/skein', ROOT), ...words, '--help'], { encoding: 'utf8' })
    expect(help.stdout).toContain('skein agent')
    const environment = Object.fromEntries([...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))
    expect((await loadConfig(undefined, environment)).agent.dataDir).toBe('/var/lib/skein-agent')
  })

  it('keeps the agent as small as the command and the manifest do', () => {
    const launcher = readFileSync(join(ROOT, 'cli', 'bin', 'skein.mjs'), 'utf8')
    const allocator = [...unit.matchAll(/\b(MALLOC_\w+)=(\d+)/g)].map(([, name = '', value = '']) => ({ name, value }))
    expect(allocator).toHaveLength(2)
    for (const { name, value } of allocator) {
      expect(launcher).toContain(`${name}: '${value}'`)
      expect(manifest).toMatch(new RegExp(`name: ${name}\\s+value: "${value}"`))
    }
    const [flag = 'none'] = /--max-semi-space-size=\d+/.exec(unit) ?? []
    expect(launcher).toContain(`'${flag}'`)
    expect(manifest).toMatch(new RegExp(`name: NODE_OPTIONS\\s+value: ${flag}\\s`))
  })

  it('is a unit that systemd takes', (context) => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) context.skip('no systemd-analyze here')
    const path = join(mkdtempSync(join(tmpdir(), 'skein-unit-')), 'skein-agent.service')
    writeFileSync(path, unit.replaceAll('/opt/skein/node_modules/node/bin/node', process.execPath))
    expect(execFileSync('systemd-analyze', ['verify', path], { encoding: 'utf8', stdio: 'pipe' })).toBe('')
  })
})
