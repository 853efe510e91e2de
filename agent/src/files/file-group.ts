import { basename, matchesGlob, resolve } from 'node:path'
import type { AgentConfig, AgentFiles } from '@skein/schemas/agent-config'
import { LogAttribute } from '@skein/schemas/log'
import { podOf } from '../containers/pod-path.ts'
import { createContainerFormat } from '../lines/container-format.ts'
import { readCriLine, readDockerLine } from '../lines/container-line.ts'
import type { LineFormat } from '../lines/line-format.ts'
import { startsEvent } from '../lines/multiline.ts'
import { createEventFormat, createTextFormat } from '../lines/text-format.ts'
import { keptBytes } from '../kept-bytes.ts'
import { type Attributes, encodeResource, recordAttributes } from '../otlp/attributes.ts'
import type { StreamHead } from '../otlp/log-writer.ts'
import { createGlobWalk, type GlobWalk } from './glob.ts'

/** Files that are read alike. */
export interface FileGroup {
  readonly globs: readonly { readonly glob: string; readonly walk: GlobWalk }[]
  /** True for the path of a file that its globs find. */
  matches(path: string): boolean
  readonly startAt: AgentFiles['startAt']
  /** How long the last event of a file waits for more; null when every line is an event. */
  waitMsOf(path: string): number | null
  headOf(path: string, identity: string): StreamHead
  formatOf(path: string, blank: () => void): LineFormat
}

export interface FileGroupOptions {
  files: AgentFiles
  lineBytes: number
  /** Of the host and of all that the agent sends. */
  resource: Attributes
  directory: string
  clock: () => number
}

/** Where container runtimes write. */
const CONTAINER_GLOB = '/var/log/pods/*/*/*.log'
const CONTAINER_PATH = /^\/var\/log\/(?:pods|containers)\/|\/containers\/[0-9a-f]{64}\/[0-9a-f]{64}-json\.log$/

/** What the configuration names, in its order: a file belongs to the first group that finds it. */
export function fileGroups(config: AgentConfig, rest: Omit<FileGroupOptions, 'files' | 'lineBytes'>): FileGroup[] {
  const plain = { exclude: [], format: 'auto', multiline: 'none', multilineMs: 1000, startAt: 'end', attributes: {} } as const
  const groups: AgentFiles[] = [...config.files]
  if (config.paths.length > 0) groups.push({ ...plain, include: config.paths, exclude: [], attributes: {} })
  if (config.containers) groups.push({ ...plain, include: [CONTAINER_GLOB], exclude: [], attributes: {} })
  return groups.map((files) => createFileGroup({ ...rest, files, lineBytes: config.lineBytes }))
}

export function createFileGroup(options: FileGroupOptions): FileGroup {
  const { files, directory, clock, lineBytes } = options
  const starts = startsEvent(files.multiline)
  return {
    globs: files.include.map((include) => ({ glob: resolve(directory, include), walk: createGlobWalk({ include, exclude: files.exclude, directory, clock }) })),
    matches: (path) => files.include.some((glob) => matchesGlob(path, resolve(directory, glob))),
    startAt: files.startAt,
    waitMsOf: (path) => (starts === null && !isContainerLog(files, path) ? null : files.multilineMs),
    headOf: (path, identity) => ({
      identity,
      resource: keptBytes(encodeResource(resourceOf(path, options))),
      attributes: keptBytes(recordAttributes({ [LogAttribute.filePath]: path, [LogAttribute.fileName]: basename(path) })),
    }),
    formatOf(path, blank) {
      const limits = { lineBytes, blank }
      if (isContainerLog(files, path)) {
        const read = files.format === 'cri' ? readCriLine : files.format === 'docker' ? readDockerLine : null
        return createContainerFormat({ ...limits, read, starts, multilineMs: files.multilineMs })
      }
      return starts === null ? createTextFormat(limits) : createEventFormat(starts, limits)
    },
  }
}

function isContainerLog({ format }: AgentFiles, path: string): boolean {
  return format === 'cri' || format === 'docker' || (format === 'auto' && CONTAINER_PATH.test(path))
}

function resourceOf(path: string, { files, resource }: FileGroupOptions): Attributes {
  const pod = podOf(path)
  const name = basename(path)
  const dot = name.indexOf('.', 1)
  const service = files.service ?? pod?.workload ?? (dot === -1 ? name : name.slice(0, dot))
  return { 'service.name': service, ...resource, ...pod?.attributes, ...files.attributes }
}
